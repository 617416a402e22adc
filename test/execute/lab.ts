import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { localExecutor } from '../../src/execute/executor.js';
import { type RunOptions, run } from '../../src/execute/run.js';
import type { RunEvent } from '../../src/execute/run-event.js';
import { Store } from '../../src/execute/store.js';
import type { Program } from '../../src/language/program.js';

export const worker = join(import.meta.dirname, 'fake-worker.js');
export const cpu = { device: 'cpu', precision: 'fp32' } as const;

/** A folder that is removed after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ssp-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A store in a folder of its own, and runs of made-up stages on it in worker processes. */
export function lab(env: Readonly<Record<string, string>> = {}) {
  const at = folder();
  const root = join(at, 'store');
  const counter = join(at, 'count');
  const done = () => (existsSync(counter) ? readFileSync(counter, 'utf8').trim().split('\n') : []);
  const options = (more: Partial<RunOptions> = {}): RunOptions => ({
    store: new Store(root),
    executor: localExecutor((key) => ({
      command: process.execPath,
      args: [worker, 'exec-stage', key, '--store', root],
      env: { FAKE_COUNT: counter, ...env },
    })),
    env: {},
    numeric: cpu,
    jobs: 2,
    cwd: at,
    ...more,
  });
  return {
    at,
    root,
    /** Names of the declared stages that were really done, in order. */
    done,
    options,
    run: async (program: Program, more: Partial<RunOptions> = {}) => {
      const events: RunEvent[] = [];
      const before = done().length;
      const result = await run(program, options({ onEvent: (e) => events.push(e), ...more }));
      const outcomes = Object.fromEntries(result.outcomes.map((o) => [o.planned.id, o.outcome]));
      return { ...result, events, by: outcomes, ran: done().length - before };
    },
  };
}
