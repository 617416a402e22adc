import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { inWorker, onMachine } from '../../src/execute/local/local-executor.js';
import type { MachineOptions } from '../../src/execute/local/machine.js';
import type { Attempting } from '../../src/execute/schedule/executor.js';
import { run } from '../../src/execute/schedule/run.js';
import type { RunEvent } from '../../src/execute/schedule/run-event.js';
import type { RunOptions } from '../../src/execute/schedule/run-options.js';
import { type Disk, nodeDisk } from '../../src/execute/store/disk.js';
import { Store } from '../../src/execute/store/store.js';
import { execStage } from '../../src/execute/worker/exec-stage.js';
import type { Program } from '../../src/language/program.js';
import { work } from './fake-stages.js';

export const cpu = { device: 'cpu', precision: 'fp32' } as const;

/** A folder that is removed after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ssp-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A disk that does not wait for the platter: for tests with many stages. */
export const quickDisk: Disk = {
  ...nodeDisk,
  write: (path, content) => nodeDisk.write(path, content, false),
  sync: () => {},
  syncMany: () => {},
  syncFolder: () => {},
};

/** Does made-up stages in this process: fast, for all that is not about processes. */
export function inProcess(store: Store): Attempting {
  return async ({ task, log, onEvent }) => {
    try {
      const loadStage = async () => work;
      const { outcome } = await execStage({ key: task.key, store, loadStage, onEvent });
      return { kind: 'done', outcome };
    } catch (error) {
      const { message } = error as Error;
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'stage-error';
      return { kind: 'failed', failure: { code, message, retry: false, log } };
    }
  };
}

/** Does made-up stages in workers. */
export function inWorkers(store: Store, env: Readonly<Record<string, string>> = {}): Attempting {
  const worker = join(import.meta.dirname, 'fake-worker.js');
  return inWorker({ command: process.execPath, args: [worker, store.root], env });
}

/** A store in a folder of its own, and runs of made-up stages on it. */
export function lab(make: (store: Store) => Attempting = inProcess) {
  const at = folder();
  const store = new Store(join(at, 'store'), quickDisk);
  const counter = join(at, 'count');
  const done = () => (existsSync(counter) ? readFileSync(counter, 'utf8').trim().split('\n') : []);
  const own = make(store);
  return {
    at,
    store,
    run: async (
      program: Program,
      {
        attempt = own,
        ...more
      }: Partial<RunOptions> & MachineOptions & { attempt?: Attempting } = {},
    ) => {
      const events: RunEvent[] = [];
      const before = done().length;
      process.env.FAKE_COUNT = counter;
      const running = run(program, {
        store,
        executor: onMachine({ jobs: 2, ...more }, attempt),
        env: {},
        numeric: cpu,
        cwd: at,
        onEvent: (e) => events.push(e),
        ...more,
      });
      const result = await running.finally(() => delete process.env.FAKE_COUNT);
      const outcomes = Object.fromEntries(result.outcomes.map((o) => [o.planned.id, o.outcome]));
      return { ...result, events, by: outcomes, ran: done().length - before };
    },
  };
}
