// Multiplies matrices for `seconds` while signals come, and prints how many products had another value than the first.
import { spawnSync } from 'node:child_process';
import { floatProduct, inFloats } from '../../dist/tensor/floats.js';
import { loadTensorFlow } from '../../dist/tensor/load.js';

loadTensorFlow({ threads: 1 });
let heard = 0;
const hear = () => {
  heard += 1;
};
process.on('SIGTERM', hear);
const a = Float64Array.from({ length: 1000 * 700 }, (_, i) => Math.sin(i));
const b = Float64Array.from({ length: 700 * 300 }, (_, i) => Math.cos(i));
const product = () =>
  inFloats('float32', (ops) =>
    ops.read(floatProduct(ops, ops.of(a, 1000, 700), ops.of(b, 700, 300))),
  );
const first = product();
console.log('ready');
let wrong = 0;
for (const end = Date.now() + 1000 * Number(process.argv[2]); Date.now() < end; ) {
  if (product().some((value, i) => value !== first[i])) wrong += 1;
  await new Promise(setImmediate);
}
const { stdout } = spawnSync('grep', ['SigBlk', '/proc/self/status'], { encoding: 'utf8' });
const blockedInChild = Number.parseInt(stdout.split('\t')[1], 16);
console.log(JSON.stringify({ wrong, heard: heard > 0, blockedInChild }));
// Who handles it no more is ended by it; else by itself.
process.off('SIGTERM', hear);
console.log('waiting');
for (const end = Date.now() + 20_000; Date.now() < end; ) product();
