// Our side of bench:probe: draws the features, fits them, and says how far weights are from the minimum.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inFloat64 } from '../../dist/tensor/floats.js';
import { loadTensorFlow } from '../../dist/tensor/load.js';
import { logisticRegression } from '../../dist/tensor/probe/logistic.js';
import { scalingOf, standardise } from '../../dist/tensor/probe/standardise.js';
import { createRng } from '../../dist/tensor/rng.js';
import { tf } from '../../dist/tensor/tf.js';

const { n, d, k, folder, threads } = JSON.parse(process.argv[2]);
loadTensorFlow({ threads });
const penalty = 1 / n;

/** Rows that are drawn at once. */
const most = 1000;

/**
 * Classes around centres in correlated Gaussians, whose deviations fall as those of encoders do: features
 * (n, d) and labels (n). In pieces: of all of it, TensorFlow.js holds more than Node has room for.
 */
function drawn() {
  const rng = createRng(1, 'bench:probe');
  const normals = (count, deviation) =>
    Float32Array.from({ length: count }, () => deviation * rng.normal());
  const centres = normals(k * d, 0.7);
  const mixing = tf.tensor2d(normals(d * d, 1 / Math.sqrt(d)), [d, d]);
  const labels = Int32Array.from({ length: n }, (_, i) => i % k);
  const features = new Float32Array(n * d);
  for (let from = 0; from < n; from += most) {
    const rows = Math.min(most, n - from);
    const latent = normals(rows * d, 1).map((value, at) => {
      const [i, j] = [Math.floor(at / d), at % d];
      return (value + centres[labels[from + i] * d + j]) / Math.sqrt(j + 1);
    });
    const piece = tf.tidy(() => tf.matMul(tf.tensor2d(latent, [rows, d]), mixing).dataSync());
    features.set(piece, from * d);
  }
  mixing.dispose();
  return { features, labels };
}

const { features, labels } = drawn();
writeFileSync(join(folder, 'features.bin'), new Uint8Array(features.buffer));
writeFileSync(join(folder, 'labels.bin'), new Uint8Array(labels.buffer));

function fitted(options) {
  const x = standardise(features, scalingOf(features, d));
  const data = { x, d, labels, classes: k };
  return inFloat64((ops) => logisticRegression(ops, data)({ penalty, ...options }));
}

const seconds = ({ user, system }) => (user + system) / 1e6;
let last;
let minimum;
const answers = {
  fit: () => {
    const [cpu, clock] = [process.cpuUsage(), performance.now()];
    last = fitted({});
    return {
      cpu: seconds(process.cpuUsage(cpu)),
      seconds: (performance.now() - clock) / 1000,
      iterations: last.minimum.iterations,
      end: last.minimum.end,
    };
  },
  'off ours': () => off(last.model.weight),
  'off theirs': () => {
    const { buffer, byteOffset, byteLength } = readFileSync(join(folder, 'theirs.bin'));
    return off(new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength)));
  },
};

/** Distance of weights (d, k) from the minimum's, as a share of their norm. */
function off(weights) {
  minimum ??= fitted({ tolerance: 1e-6 }).model.weight;
  let [apart, norm] = [0, 0];
  minimum.forEach((value, i) => {
    apart += (value - weights[i]) ** 2;
    norm += value ** 2;
  });
  return Math.sqrt(apart / norm);
}

console.log(JSON.stringify('TensorFlow 2.21'));
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(answers[line]()));
}
