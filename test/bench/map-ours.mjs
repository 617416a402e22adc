// Our side of bench:map: draws or reads the features, and lays them out by the seed of each line.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readNpy } from '../../dist/base/files/npy.js';
import { loadTensorFlow } from '../../dist/tensor/load.js';
import { nearInPlane, trustworthiness } from '../../dist/tensor/probe/map-scores.js';
import { mapStart } from '../../dist/tensor/probe/map-start.js';
import { nearPoints, pointsOf } from '../../dist/tensor/probe/near-points.js';
import { principalPlane } from '../../dist/tensor/probe/principal-plane.js';
import { umap } from '../../dist/tensor/probe/umap.js';
import { createRng } from '../../dist/tensor/rng.js';

const { folder, threads, features: file, images, width, metric } = JSON.parse(process.argv[2]);
const k = 15;
const { version } = loadTensorFlow({ threads });
const { version: own } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);
const { n, d, data } = file ? read() : drawn(Number(images), Number(width), 40);
writeFileSync(
  join(folder, 'features.bin'),
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
);

function read() {
  const { shape, data } = readNpy(file, file);
  return { n: shape[0], d: shape[1], data };
}

function drawn(n, d, groups) {
  const rng = createRng(0, 'bench');
  const centres = Float32Array.from({ length: groups * d }, () => rng.normal());
  const data = Float32Array.from(
    { length: n * d },
    (_, i) => centres[(Math.floor(i / d) % groups) * d + (i % d)] + 1.2 * rng.normal(),
  );
  return { n, d, data };
}

const seconds = ({ user, system }) => (user + system) / 1e6;

function laidOut(seed) {
  const points = pointsOf(data, d, metric);
  const near = nearPoints(points, k);
  const start = mapStart(principalPlane(points.rows, d), createRng(seed, 'map', 'start'));
  const rng = createRng(seed, 'map', 'layout');
  const places = umap(near, start, { minDistance: 0.1, epochs: 500, rng });
  const trust = trustworthiness(points, { near: near.indices, inMap: nearInPlane(places, k), k });
  writeFileSync(join(folder, 'places.bin'), new Uint8Array(places.buffer));
  return trust;
}

console.log(JSON.stringify({ n, d, versions: `ssp ${own}, TensorFlow ${version}` }));
for await (const line of createInterface({ input: process.stdin })) {
  const [cpu, clock] = [process.cpuUsage(), performance.now()];
  const trust = laidOut(Number(line));
  const used = { cpu: seconds(process.cpuUsage(cpu)), seconds: (performance.now() - clock) / 1000 };
  console.log(JSON.stringify({ ...used, trust }));
}
