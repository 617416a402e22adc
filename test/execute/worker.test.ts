import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inWorker } from '../../src/execute/local/local-executor.js';
import { startOf } from '../../src/execute/processes/process-start.js';
import type { Store } from '../../src/execute/store/store.js';
import { from, literal, program, stage } from '../plan/program-of.js';
import { inWorkers, lab } from './lab.js';

const doing = (does: string, more = {}) => stage('odd', 'Files', { does: literal(does) }, more);
/** The process that a hanging stage has started. */
const childOf = (store: Store, key = ''): number =>
  Number(readFileSync(join(store.checkpointPath(key), 'child'), 'utf8'));

async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    if (startOf(pid) === undefined) return true;
    await sleep(50);
  }
  return false;
}

const workers = () => lab(inWorkers);

it('does stages in processes of their own, with progress and a log', async () => {
  const l = workers();
  const source = stage('source', 'Images', {});
  const reader = stage('reader', 'Metrics', { of: from(source) });
  const result = await l.run(program({ stages: [source, reader] }));
  expect(result.by).toEqual({ source: 'ran', reader: 'ran' });
  const kinds = result.events.map((e) => e.kind);
  for (const kind of ['start', 'progress', 'log', 'finish']) expect(kinds).toContain(kind);
  const log = l.store.logPath(result.outcomes[0]?.planned.key ?? '');
  expect(readFileSync(log, 'utf8')).toContain('working on test.images');
});

it.each([
  ['crash', 'crash', /ended with exit code 7/],
  ['kill', 'killed', /was killed \(signal 9\)/],
  ['nan', 'nan-loss', /the loss is NaN/],
  ['throw', 'stage-error', /x is not a function/],
])('makes a failure of %s', async (does, code, message) => {
  const l = workers();
  const { outcomes } = await l.run(program({ stages: [doing(does)] }));
  expect(outcomes[0]).toMatchObject({ outcome: 'failed', failure: { code } });
  expect(outcomes[0]?.failure?.message).toMatch(message);
  expect(outcomes[0]?.failure?.help).toContain(join('store', 'logs'));
});

it('makes a failure of a full heap', async () => {
  const l = lab((store) => inWorkers(store, { NODE_OPTIONS: '--max-old-space-size=40' }));
  const { outcomes } = await l.run(program({ stages: [doing('heap')] }));
  expect(outcomes[0]?.failure?.code).toBe('out-of-memory');
});

it('ends a stage that takes too long, with what it has started', async () => {
  const l = workers();
  const hang = doing('hang', { resources: { timeoutSeconds: 1 } });
  const started = performance.now();
  const { outcomes } = await l.run(program({ stages: [hang] }));
  expect(outcomes[0]?.failure).toMatchObject({
    code: 'timeout',
    message: '`odd` took longer than 1 s',
  });
  expect(performance.now() - started).toBeLessThan(5000);
  expect(await isGone(childOf(l.store, outcomes[0]?.planned.key))).toBe(true);
});

it('makes a failure of a worker that cannot be started', async () => {
  const l = workers();
  const attempt = inWorker({ command: '/no/such/node', args: [], env: {} });
  const { outcomes } = await l.run(program({ stages: [doing('fine')] }), { attempt });
  expect(outcomes[0]?.failure).toMatchObject({ code: 'no-worker' });
});

it('attempts again what the machine did, not what the stage did', async () => {
  const l = workers();
  const once = await l.run(
    program({ stages: [doing('crash-once', { resources: { retries: 1 } })] }),
  );
  expect(once.by).toEqual({ odd: 'ran' });
  expect(once.events.filter((e) => e.kind === 'retry')).toHaveLength(1);
  const nan = await l.run(program({ stages: [doing('nan', { resources: { retries: 3 } })] }));
  expect(nan.ran).toBe(1);
});

it('ends its workers when it is interrupted', async () => {
  const l = workers();
  const abort = new AbortController();
  const result = await l.run(program({ stages: [doing('hang')] }), {
    signal: abort.signal,
    onEvent: (e) => e.kind === 'log' && e.line === 'hanging' && abort.abort(),
  });
  expect(result).toMatchObject({ interrupted: true, by: { odd: 'failed' } });
});

it('ends workers and what they have started when the driver is killed', async () => {
  const l = workers();
  const p = program({ stages: [doing('hang')] });
  const file = join(l.at, 'program.json');
  writeFileSync(file, JSON.stringify(p));
  const script = join(import.meta.dirname, 'fake-driver.js');
  const driver = spawn(process.execPath, [script, file, l.store.root], { stdio: 'ignore' });
  const checkpoints = join(l.store.root, 'checkpoints');
  let child: number | undefined;
  for (let i = 0; i < 200 && child === undefined; i++) {
    await sleep(50);
    for (const key of existsSync(checkpoints) ? readdirSync(checkpoints) : []) {
      if (existsSync(join(checkpoints, key, 'child'))) child = childOf(l.store, key) || undefined;
    }
  }
  driver.kill('SIGKILL');
  expect(child).toBeGreaterThan(0);
  expect(await isGone(child ?? 0)).toBe(true);
});
