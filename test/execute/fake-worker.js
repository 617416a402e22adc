// A worker with stages made up for tests: `node fake-worker.js exec-stage KEY --store DIR`.
// Everything that a stage does is in its parameters; FAKE_COUNT is a file that gets a line for each
// stage that is really done.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestOf } from '../../dist/base/canonical.js';
import { SspError } from '../../dist/base/errors.js';
import { execStage } from '../../dist/execute/exec-stage.js';
import { Store } from '../../dist/execute/store.js';
import { serveWorker } from '../../dist/execute/worker-channel.js';
import { faultyDisk } from './faulty-disk.js';

/** The result is a digest of what the stage read and of its parameters. */
async function work(context) {
  const { record, out, checkpoint } = context;
  const { does, blur } = record.params;
  if (process.env.FAKE_COUNT) appendFileSync(process.env.FAKE_COUNT, `${record.stage}\n`);
  context.log(`working on ${record.stage}`);
  context.progress({ unit: 'step', done: 1, total: 2, loss: 0.5 });
  const tried = join(checkpoint, 'tried');
  const attempt = existsSync(tried) ? Number(readFileSync(tried, 'utf8')) + 1 : 1;
  writeFileSync(tried, String(attempt));
  if (does === 'crash') process.exit(7);
  if (does === 'crash-once' && attempt === 1) process.exit(7);
  if (does === 'kill') process.kill(process.pid, 'SIGKILL');
  if (does === 'hang') {
    spawn('sleep', ['60'], { stdio: 'ignore' });
    await sleep(60_000);
  }
  if (does === 'heap') {
    const all = [];
    for (;;) all.push(Array.from({ length: 1e5 }, (_, i) => ({ i })));
  }
  if (does === 'nan') throw new SspError('nan-loss', 'the loss is NaN', { help: 'lower the lr' });
  if (does === 'throw') throw new TypeError('x is not a function');
  if (does === 'slow') await sleep(300);
  const read = [];
  for (const value of Object.values(record.params)) {
    if (value?.artifact) {
      const input = context.artifact(value.artifact);
      read.push(...Object.values(input.files).map((f) => readFileSync(f, 'utf8')));
    }
    if (value?.file) read.push(readFileSync(context.path(value.file), 'utf8'));
  }
  const { does: _, ...params } = record.params;
  // A stage with `blur` forgets all but that: its inputs change, its result does not.
  const result = digestOf('fake', blur ? { blur } : { stage: record.stage, params, read });
  writeFileSync(join(out, 'result.txt'), result);
  const metrics = { top1: Number.parseInt(result.slice(0, 6), 16) / 0xffffff };
  return record.stage === 'test.metrics' ? { metrics } : {};
}

const [, , , key, , root] = process.argv;
const disk = process.env.FAKE_FAULT ? faultyDisk(JSON.parse(process.env.FAKE_FAULT)) : undefined;
process.exitCode = await serveWorker(
  (onEvent) =>
    execStage({ key, store: new Store(root, disk), loadStage: async () => work, onEvent }),
  (event) => console.log(JSON.stringify(event)),
);
process.disconnect?.();
