// The work of stages made up for tests. Everything that one does is in its parameters; FAKE_COUNT
// is a file that gets a line for each stage that is really done.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { canonical, digestOf } from '../../dist/base/canonical.js';
import { SspError } from '../../dist/base/errors.js';

/** What the stage leaves: a digest of what it read and of its parameters. */
export function resultOf(stage, params, read) {
  const { does: _, blur, ...rest } = params;
  // A stage with `blur` forgets all but that: its inputs change, its result does not.
  return digestOf('fake', blur ? { blur } : { stage, params: rest, read });
}

export async function work(context) {
  const { record, out, checkpoint } = context;
  const { does } = record.params;
  if (process.env.FAKE_COUNT) {
    appendFileSync(process.env.FAKE_COUNT, `${record.stage} ${canonical(record.params)}\n`);
  }
  context.log(`working on ${record.stage}`);
  context.progress({ unit: 'step', done: 1, total: 2, loss: 0.5 });
  const tried = join(checkpoint, 'tried');
  const attempt = existsSync(tried) ? Number(readFileSync(tried, 'utf8')) + 1 : 1;
  writeFileSync(tried, String(attempt));
  if (does === 'crash') process.exit(7);
  if (does === 'crash-once' && attempt === 1) process.exit(7);
  if (does === 'kill') process.kill(process.pid, 'SIGKILL');
  if (does === 'hang') {
    const { pid } = spawn('sleep', ['60'], { stdio: 'ignore' });
    writeFileSync(join(checkpoint, 'child'), String(pid));
    context.log('hanging');
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
  const params = {};
  for (const [name, value] of Object.entries(record.params)) {
    if (value?.artifact) {
      const input = await context.artifact(value.artifact);
      read.push(...Object.values(input.files).map((f) => readFileSync(f, 'utf8')));
    } else if (value?.file) read.push(readFileSync(context.path(value.file), 'utf8'));
    else params[name] = value;
  }
  const result = resultOf(record.stage, params, read);
  writeFileSync(join(out, 'result.txt'), result);
  const metrics = { top1: Number.parseInt(result.slice(0, 6), 16) / 0xffffff };
  return record.stage === 'test.metrics' ? { metrics } : {};
}
