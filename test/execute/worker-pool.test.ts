import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runWorker } from '../../src/execute/local/run-worker.js';
import { type Wanted, type WorkerPool, workerPool } from '../../src/execute/local/worker-pool.js';
import { program, stage } from '../plan/program-of.js';
import { lab } from './lab.js';

const poolOf = (root: string): WorkerPool =>
  workerPool({
    command: process.execPath,
    args: [join(import.meta.dirname, 'fake-worker.js'), root],
    env: {},
  });

/** Takes a worker, which ends with the test. */
function taken(pool: WorkerPool, wanted: Wanted) {
  const log = openSync('/dev/null', 'a');
  const worker = pool.take(wanted, log);
  closeSync(log);
  onTestFinished(() => void worker.child.kill('SIGKILL'));
  return worker;
}

const ended = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve) => child.once('exit', resolve));

it('gives a worker that was prepared once, to whom it is prepared for', async () => {
  const pool = poolOf('nowhere');
  pool.prepare({ threads: 2 });
  expect(taken(pool, { threads: 1 }).isNew).toBe(true);
  expect(taken(pool, 'new').isNew).toBe(true);
  expect(taken(pool, 'for-commands').isNew).toBe(true);
  expect(taken(pool, { threads: 2 }).isNew).toBe(false);
  expect(taken(pool, { threads: 2 }).isNew).toBe(true);
});

it('gives a worker back only to commands', async () => {
  const pool = poolOf('nowhere');
  const { child } = taken(pool, 'for-commands');
  pool.back(child);
  expect(taken(pool, 'new').isNew).toBe(true);
  expect(taken(pool, { threads: 1 }).isNew).toBe(true);
  expect(taken(pool, 'for-commands').child).toBe(child);
});

it('does not give one that has ended', async () => {
  const pool = poolOf('nowhere');
  const { child } = taken(pool, 'for-commands');
  pool.back(child);
  child.kill('SIGKILL');
  await ended(child);
  expect(taken(pool, 'for-commands').isNew).toBe(true);
});

it('does a stage in a new worker when the one that waited ends before it hears of it', async () => {
  const l = lab();
  const planned = await l.run(program({ stages: [stage('one', 'Files', {})] }));
  const key = planned.outcomes[0]?.planned.key ?? '';
  const pool = poolOf(l.store.root);
  const { child } = taken(pool, 'for-commands');
  pool.back(child);
  // Not seen yet by the one that takes it.
  child.kill('SIGKILL');
  const log = l.store.logPath(key);
  const attempt = await runWorker({
    id: 'one',
    pool,
    wanted: 'for-commands',
    assignment: { key, log, env: {}, stay: false },
    timeoutSeconds: undefined,
    graceSeconds: 10,
    secrets: [],
    onEvent: () => {},
    signal: new AbortController().signal,
  });
  expect(attempt).toEqual({ kind: 'done', outcome: 'hit' });
  expect(readFileSync(log, 'utf8').match(/^--- /gm)).toHaveLength(2);
});
