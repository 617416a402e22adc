// Reads CIFAR-10 as the stage does, and kills itself when so many images are done: for killed-records.test.ts.
import { run } from '../../dist/library/data/cifar10.js';

const { root, out, checkpoint, after } = JSON.parse(process.argv[2]);
let told = false;
await run({
  params: { root, size: 32, check: 'layout', classes: null, per_class: null, seed: 0 },
  ...{ resolved: {}, out, checkpoint, threads: 1 },
  progress({ done, total }) {
    if (!told) console.log(total);
    told = true;
    if (done >= after) process.kill(process.pid, 'SIGKILL');
  },
  log() {},
  remark() {},
});
