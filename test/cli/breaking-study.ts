import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/temporary-folder.js';
import { coloursModule } from './colours.js';

/** A study whose method and optimiser are modules that break on purpose, each at a step. */
const files = {
  'colours.mjs': coloursModule,
  'likeness.mjs': `import { applyMlp, hiddenLayer, initMlp, l2Normalise, prefixed, tf, under } from 'ssp/library';

/** Views alike, and nothing against collapse; \`loss\`, \`gradient\` or \`state\` breaks at a step. */
export function make({ breaks, at: step }) {
  const head = (input) => ({ input, layers: [hiddenLayer(4, false), { width: 4, bias: false }] });
  /** 1, and at the step 0. */
  const gate = (at, kind) => (kind === breaks ? tf.cast(tf.notEqual(at.step, step), 'float32') : tf.scalar(1));
  return {
    views: 2,
    signs: {
      likeness: {
        what: 'mean cosine of the two views',
        lines: { 'all alike': 1 },
        alarms: [{ from: -1, epochs: 2, means: 'the views are alike', advice: 'compare with others' }],
      },
    },
    init: ({ features, rng }) => ({
      trained: prefixed(initMlp(head(features), rng.split('head')), 'head'),
      state: { mean: tf.zeros([4]) },
    }),
    loss({ trained, state, views: [first, second], encode, at }) {
      const a = encode(trained, state, first);
      const b = encode(trained, { ...state, ...a.state }, second);
      const of = (x) => l2Normalise(applyMlp(head(x.shape[1]), under(trained, 'head'), x));
      const cosine = tf.mean(tf.sum(tf.mul(of(a.features), of(b.features)), 1));
      const sound = tf.log(gate(at, 'loss'));
      const root = tf.sqrt(tf.mul(tf.square(cosine), gate(at, 'gradient')));
      const mean = tf.div(tf.add(state.mean, tf.mean(of(a.features), 0)), gate(at, 'state'));
      return { loss: tf.add(root, sound), state: { ...b.state, mean }, watch: { likeness: cosine } };
    },
  };
}
`,
  'steep.mjs': `import { tf } from 'ssp/library';

/** Gradient descent whose rate is divided by 0 at a step, if \`update\` is what breaks. */
export function make({ breaks, at }) {
  const step = breaks === 'update' ? at : -1;
  return {
    init: () => ({}),
    update({ trained, gradients, at }) {
      const rate = tf.div(0.01, tf.cast(tf.notEqual(at.step, step), 'float32'));
      const moved = Object.entries(trained).map(([name, weight]) => [name, tf.sub(weight, tf.mul(gradients[name], rate))]);
      return { trained: Object.fromEntries(moved), slots: {} };
    },
  };
}
`,
  'study.ssp': `import std.pairs.augmented_pairs
import std.backbone.resnet18
import std.train.pretrain
import std.views.crop_only
import std.optim.constant

extern value likeness(breaks: String = "never", at: Int = 0) -> Method from "./likeness.mjs"
extern value steep(breaks: String = "never", at: Int = 0) -> Optimizer from "./steep.mjs"
extern stage colours() -> Images from "./colours.mjs"

dataset pairs = augmented_pairs(colours())
train encoder = pretrain(pairs, crop_only(size: 8px), likeness(), resnet18(width: 2), optimizer: steep(), epochs: 4, batch: 8, schedule: constant())
`,
};

/** A fresh folder with the study, changed by replacing texts of its file. */
export function breakingStudy(...changes: readonly (readonly [string, string])[]): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const changed = changes.reduce((text, [from, to]) => text.replace(from, to), files['study.ssp']);
  writeFileSync(join(folder, 'study.ssp'), changed);
  return folder;
}
