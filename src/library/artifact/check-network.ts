import { SspError } from '../../base/errors.js';
import { asRank4 } from '../../tensor/as-rank.js';
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
    checkTogether(backbone, weights, network, size);
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

/** What takes images of several sizes together says of each what `apply` says. */
function checkTogether(
  backbone: Backbone,
  weights: Weights,
  { network }: Network,
  size: number,
): void {
  if (!backbone.applyTogether) return;
  if (!backbone.alone) {
    throw bad(
      network,
      'has `applyTogether`, and does not say that it takes each image `alone`',
      'Leave `applyTogether` out where a pass has statistics of its batch; else say `alone: true`.',
    );
  }
  const batches = [2, 1].map((n) => {
    const levels = tf.linspace(0, 1 / n, n * size * size * 3);
    return { x: asRank4(tf.reshape(levels, [n, size, size, 3])) };
  });
  const together = backbone.applyTogether(weights, batches);
  const apart = tf.concat(batches.map(({ x }) => backbone.apply(weights, x).features));
  const isSame = `${together.shape}` === `${apart.shape}`;
  const furthest = isSame ? tf.max(tf.abs(tf.sub(together, apart))).dataSync()[0] : undefined;
  const most = tf.max(tf.abs(apart)).dataSync()[0] ?? 0;
  if (furthest !== undefined && furthest <= 1e-3 * Math.max(1, most)) return;
  throw bad(
    network,
    isSame
      ? 'gives other features by `applyTogether` than by `apply`'
      : `makes features of shape (${together.shape.join(', ')}) of 2 images and 1 by \`applyTogether\`, not (3, ${backbone.features})`,
    '`applyTogether` returns what `apply` returns as `features` for each batch, one after another.',
  );
}

function bad(name: string, found: string, help: string): SspError {
  return new SspError('bad-network', `the network \`${name}\` ${found}`, { help });
}
