// Our side of decode.mjs: what a decoding process does with each file, and all of them together.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { decodeAll } from '../../dist/library/data/decode/decode-all.js';
import { decodeImage } from '../../dist/library/data/decode/decode-image.js';
import { readSource } from '../../dist/library/data/decode/image-source.js';
import { loadTensorFlow } from '../../dist/tensor/load.js';

const { root, cores, rounds } = JSON.parse(process.argv[2]);
loadTensorFlow({ threads: 1, device: 'cpu' });
const files = () =>
  readdirSync(root, { recursive: true })
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .map((name) => join(root, name));
const how = (size, decode) => ({ size, decode, fit: 'cover', background: [0, 0, 0] });

const asked = {
  /** Processor milliseconds an image, in this process. */
  async one(size, decode) {
    const names = files();
    const start = process.cpuUsage();
    for (const name of names) await decodeImage(readSource(name), how(size, decode));
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000 / names.length;
  },
  /** Images a second with a process on each core; they have started before the time begins. */
  async all(size, decode) {
    const names = Array.from({ length: rounds }, files).flat();
    let [start, count] = [0, 0];
    for await (const _ of decodeAll(names, { ...how(size, decode), threads: cores })) {
      // Of each process the first batch has come.
      if (count++ === 16 * cores) start = performance.now();
    }
    return (1000 * (count - 1 - 16 * cores)) / (performance.now() - start);
  },
  /** How far the pixels are from Pillow's: share that differs, mean and largest difference in levels. */
  async apart(size, decode) {
    const theirs = readFileSync(`${root}-${size}.bin`);
    let [at, differ, sum, most] = [0, 0, 0, 0];
    for (const name of files()) {
      const { pixels } = await decodeImage(readSource(name), how(size, decode));
      for (const level of pixels) {
        const apart = Math.abs(level - theirs[at++]);
        differ += apart > 0;
        sum += apart;
        most = Math.max(most, apart);
      }
    }
    return { differ: differ / at, mean: sum / at, most };
  },
  /** Peak memory of this process in MiB. */
  memory: () => process.resourceUsage().maxRSS / 1024,
};
console.log('"ready"');
for await (const line of createInterface({ input: process.stdin })) {
  const [what, size, decode] = line.split(' ');
  console.log(JSON.stringify(await asked[what](Number(size), decode)));
}
