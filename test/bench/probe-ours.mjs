// Our side of bench:probe: draws the features, fits them, and says how far weights are from the minimum.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inFloat64 } from '../../dist/tensor/floats.js';
import { loadTensorFlow } from '../../dist/tensor/load.js';
import { logisticRegression } from '../../dist/tensor/probe/logistic.js';
import { scalingOf, standardise } from '../../dist/tensor/probe/standardise.js';
import { tf } from '../../dist/tensor/tf.js';

const { n, d, k, folder, threads } = JSON.parse(process.argv[2]);
loadTensorFlow({ threads });
const penalty = 1 / n;

/** Classes around centres in correlated Gaussians, whose deviations fall as those of encoders do. */
function drawn() {
  return tf.tidy(() => {
    const scales = tf.pow(tf.range(1, d + 1), -0.5);
    const labels = tf.range(0, n, 1, 'int32').mod(tf.scalar(k, 'int32'));
    const centres = tf.randomNormal([k, d], 0, 0.7, 'float32', 1);
    const spread = tf.randomNormal([n, d], 0, 1, 'float32', 2);
    const latent = tf.mul(tf.add(tf.gather(centres, labels), spread), scales);
    const mixing = tf.randomNormal([d, d], 0, 1 / Math.sqrt(d), 'float32', 3);
    return { features: tf.matMul(latent, mixing).dataSync(), labels: labels.dataSync() };
  });
}

const { features, labels } = drawn();
writeFileSync(join(folder, 'features.bin'), new Uint8Array(features.buffer));
writeFileSync(join(folder, 'labels.bin'), new Uint8Array(Int32Array.from(labels).buffer));

function fitted(options) {
  const x = standardise(features, scalingOf(features, d));
  const data = { x, d, labels: Int32Array.from(labels), classes: k };
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
