// A driver of its own: `node fake-driver.js PROGRAM.json STORE [FAULT]`. With a fault it does the
// stages itself, on a disk that dies or fills up at its n-th operation; prints the outcomes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inWorker, onMachine } from '../../dist/execute/local/local-executor.js';
import { run } from '../../dist/execute/schedule/run.js';
import { Store } from '../../dist/execute/store/store.js';
import { execStage } from '../../dist/execute/worker/exec-stage.js';
import { work } from './fake-stages.js';
import { faultyDisk } from './faulty-disk.js';

const [, , file, root, fault] = process.argv;
let operations = 0;
const disk = fault && faultyDisk({ ...JSON.parse(fault), onCount: (n) => (operations = n) });
const store = new Store(root, disk);

const here = async ({ task }) => {
  try {
    const { outcome } = await execStage({ key: task.key, store, loadStage: async () => work });
    return { kind: 'done', outcome };
  } catch ({ code = 'stage-error', message }) {
    return { kind: 'failed', failure: { code, message, retry: false, log: '' } };
  }
};
const worker = join(import.meta.dirname, 'fake-worker.js');
const elsewhere = inWorker({ command: process.execPath, args: [worker, root], env: {} });

try {
  const { outcomes } = await run(JSON.parse(readFileSync(file, 'utf8')), {
    store,
    executor: onMachine({ jobs: 2 }, disk ? here : elsewhere),
    env: {},
    numeric: { device: 'cpu', precision: 'fp32' },
  });
  const results = outcomes.map((o) => [
    o.planned.id,
    o.failure?.code ?? o.outcome,
    o.record?.output.digest ?? null,
  ]);
  console.log(JSON.stringify({ results, operations }));
} catch ({ code, message }) {
  console.log(JSON.stringify({ results: [], operations, code, message }));
}
