import { SspError } from '../../base/errors.js';
import { createRng } from '../../tensor/rng.js';
import { tf } from '../../tensor/tf.js';
import type { Backbone, TrainingPass, Weights } from '../stage.js';
import type { Network } from './encoder-description.js';

/**
 * Holds a network of the user's own against its contract before it is trained, on two images of `size` pixels.
 * TensorFlow must be loaded.
 * @throws SspError `bad-network`.
 */
export function checkNetwork(backbone: Backbone, network: Network, size: number): void {
  tf.tidy(() => {
    const weights = backbone.init(createRng(0));
    checkWeights(weights, network);
    checkAlone(backbone, weights, network);
    checkPass(backbone, weights, network, size);
    checkPass(backbone, weights, network, size, { seed: tf.tensor1d([0, 0], 'int32') });
  });
}

/** Holds first weights against what an encoder can store. @throws SspError `bad-network`. */
export function checkWeights({ trained, stats }: Weights, { network }: Network): void {
  for (const [name, { dtype }] of [...Object.entries(trained), ...Object.entries(stats)]) {
    if (dtype === 'float32') continue;
    throw bad(network, `begins with \`${name}\` of ${dtype}`, 'Weights are float32.');
  }
  const twice = Object.keys(trained).find((name) => Object.hasOwn(stats, name));
  if (twice === undefined) return;
  throw bad(
    network,
    `has \`${twice}\` among \`trained\` and among \`stats\``,
    'One file holds both: each has a name of its own.',
  );
}

/** What keeps statistics of its batches looks at more than one image. */
function checkAlone({ alone }: Backbone, { stats }: Weights, { network }: Network): void {
  const [kept] = Object.keys(stats);
  if (!alone || kept === undefined) return;
  throw bad(
    network,
    `says that it takes each image \`alone\`, and keeps statistics of batches, \`${kept}\``,
    'Leave `alone` out: it is for networks without batch norm.',
  );
}

function checkPass(
  backbone: Backbone,
  weights: Weights,
  { network }: Network,
  size: number,
  training?: TrainingPass,
): void {
  const n = 2;
  const { features, stats } = backbone.apply(weights, tf.zeros([n, size, size, 3]), training);
  if (`${features.shape}` !== `${[n, backbone.features]}`) {
    throw bad(
      network,
      `makes features of shape (${features.shape.join(', ')}) from ${n} images of ${size} px, not (${n}, ${backbone.features})`,
      '`features` is the length of what `apply` returns as `features`, (n, d).',
    );
  }
  const strange = Object.keys(stats).find((name) => !Object.hasOwn(weights.stats, name));
  if (strange === undefined) return;
  throw bad(
    network,
    `gives new statistics \`${strange}\`, which \`init\` does not have`,
    '`init` returns first values of all statistics as `stats`.',
  );
}

function bad(name: string, found: string, help: string): SspError {
  return new SspError('bad-network', `the network \`${name}\` ${found}`, { help });
}
