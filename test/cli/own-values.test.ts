import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { coloursModule } from './colours.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

const files = {
  'colours.mjs': coloursModule,
  'barlow.mjs': `import { applyMlp, batchNorm1d, hiddenLayer, initMlp, prefixed, tf, under } from 'ssp/library';
import { identity } from './identity.mjs';

/** Barlow Twins: features of two views correlate one by one, and with no other. */
export function make({ lambda, dim }) {
  const head = (input) => ({ input, layers: [hiddenLayer(dim, false), { width: dim, bias: false }] });
  return {
    views: 2,
    init: ({ features, rng }) => ({
      trained: prefixed(initMlp(head(features), rng.split('projector')), 'projector'),
      state: {},
    }),
    loss({ trained, state, views: [first, second], encode }) {
      const a = encode(trained, state, first);
      const b = encode(trained, { ...state, ...a.state }, second);
      const project = (x) => batchNorm1d(applyMlp(head(x.shape[1]), under(trained, 'projector'), x));
      const c = tf.div(tf.matMul(project(a.features), project(b.features), true, false), first.shape[0]);
      const weights = tf.add(identity(dim), tf.mul(tf.sub(1, identity(dim)), lambda));
      return { loss: tf.sum(tf.mul(tf.squaredDifference(c, identity(dim)), weights)), state: b.state };
    },
  };
}
`,
  'identity.mjs': `import { readFileSync } from 'node:fs';
import { tf } from 'ssp/library';
const size = JSON.parse(readFileSync(new URL('size.json', import.meta.url)));
export const identity = (dim) => tf.mul(tf.eye(dim), size);
`,
  'size.json': '1',
  'own-views.mjs': `export function make({ size }) {
  const view = {
    size,
    crop: { scale: { low: 0.5, high: 1 }, ratio: { low: 0.75, high: 1.33 } },
    flip: 0.5,
    rotation: 0,
    jitter: { probability: 0, brightness: 0, contrast: 0, saturation: 0, hue: 0 },
    grayscale: 0,
    blur: { probability: 0, sigma: { low: 0, high: 0 } },
    solarise: { probability: 0, threshold: 0.5 },
    normalise: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
  };
  return { views: [view, view] };
}
`,
  'study.ssp': `import std.pairs.augmented_pairs
import std.backbone.resnet18
import std.train.pretrain
import std.probe.knn_probe

/// Barlow Twins, as a module beside this file.
extern value barlow(lambda: Float(0.0..) = 0.005, dim: Int(2..) = 8) -> Method from "./barlow.mjs"
extern value own_views(size: Pixels) -> Views from "./own-views.mjs"
extern stage colours() -> Images from "./colours.mjs"

axis method = [barlow(), barlow(lambda: 0.1)]
dataset data = colours()
dataset pairs = augmented_pairs(data)
train encoder = pretrain(pairs, own_views(size: 8px), method, resnet18(width: 2), epochs: 1, batch: 8)
evaluate knn = knn_probe(encoder, data, k: 3)
report table1 = table(knn.top1, rows: method)
`,
};

function study(changes: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries({ ...files, ...changes })) {
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

type Document = { stages: { id: string; outcome: string; failure?: { message: string } }[] };
const outcomes = (out: string) =>
  (JSON.parse(out) as Document).stages.map(({ id, outcome }) => `${id} ${outcome}`);

it('trains, resumes from the store and probes with a method and views of the user', async () => {
  const folder = study();
  const first = await ssp(folder, ['run', 'study.ssp', '--json']);
  expect(first.err).not.toContain('failed');
  expect(outcomes(first.out)).toEqual([
    'data ran',
    'pairs ran',
    'encoder[method=barlow(lambda: 0.005)] ran',
    'encoder[method=barlow(lambda: 0.1)] ran',
    'encoder.features.data[method=barlow(lambda: 0.005)] ran',
    'encoder.features.data[method=barlow(lambda: 0.1)] ran',
    'knn[method=barlow(lambda: 0.005)] ran',
    'knn[method=barlow(lambda: 0.1)] ran',
  ]);
  const again = await ssp(folder, ['run', 'study.ssp', '--json']);
  expect(outcomes(again.out).every((line) => line.endsWith(' hit'))).toBe(true);

  // What a module imports is in the key too, by what it contains.
  writeFileSync(join(folder, 'identity.mjs'), files['identity.mjs'].replace('size);', '0.5);'));
  const plan = await ssp(folder, ['plan', 'study.ssp']);
  expect(plan.out).toMatch(/^hit +pairs/m);
  expect(plan.out).toMatch(/^run +encoder +2 points +`identity\.mjs` +changed/m);
  writeFileSync(join(folder, 'identity.mjs'), files['identity.mjs']);
  expect((await ssp(folder, ['plan', 'study.ssp'])).out).toContain('8 hit');

  // And what it reads while it works.
  writeFileSync(join(folder, 'size.json'), '0.5');
  const other = await ssp(folder, ['plan', 'study.ssp']);
  expect(other.out).toMatch(/^run +encoder +2 points +`size\.json` +changed/m);
  writeFileSync(join(folder, 'size.json'), '1');
  expect((await ssp(folder, ['plan', 'study.ssp'])).out).toContain('8 hit');

  const docs = await ssp(folder, ['docs', 'study.ssp', 'barlow']);
  expect(docs.out).toContain('lambda: Float(0..) = 0.005');
}, 120_000);

it('says where a module of the user is wrong', async () => {
  const said = async (name: string, text: string, only: string) => {
    const { err } = await ssp(study({ [name]: text }), ['run', 'study.ssp', '--only', only]);
    return /^failed .*(?:\n {2}.*)*/m.exec(err)?.[0] ?? err;
  };
  const only = 'encoder[method: barlow(lambda: 0.1)]';
  expect(await said('barlow.mjs', 'export const mine = 1;\n', only)).toMatch(
    /barlow\.mjs exports no function `make`[\s\S]*export function make/,
  );
  expect(await said('barlow.mjs', 'export const make = () => 7;\n', only)).toMatch(
    /`make` of .*barlow\.mjs returned 7[\s\S]*a Method/,
  );
  const broken = files['barlow.mjs'].replace('const c =', 'undefined.size;\n      const c =');
  expect(await said('barlow.mjs', broken, only)).toMatch(
    /Cannot read properties of undefined[\s\S]*barlow\.mjs:17/,
  );
  const reads = files['barlow.mjs'].replace('const c =', 'a.features.dataSync();\n      const c =');
  expect(await said('barlow.mjs', reads, only)).toMatch(/reads .* on the host.*barlow\.mjs:17/);
}, 120_000);

it('says what a method or views of the user lack, and what a loss gives in place of a number', async () => {
  const method = (from: string, to: string) => files['barlow.mjs'].replace(from, to);
  const methods: readonly [text: string, found: string][] = [
    [method('init:', 'start:'), '`make` of `m0` returned a Method with no `init`'],
    [
      method('views: 2', "views: '2'"),
      '`make` of `m1` returned a Method with a `views` that is no number',
    ],
    [
      method("'projector'),\n", "'encoder.projector'),\n"),
      "the method's `encoder.projector.0.weight` is called as the encoder's",
    ],
    [method('state: {},', ''), '`init` of the method gives no `state`'],
    [
      method('tf.sum(tf.mul(', 'tf.neg(tf.mul('),
      '`loss` of the method gives a tensor of shape (8, 8) as `loss`, not one number',
    ],
    [method('return { loss:', 'return { lost:'), '`loss` of the method gives no tensor as `loss`'],
    [method(', state: b.state', ''), '`loss` of the method gives no `state`'],
    [
      method('views: 2,', "views: 2, remarks: () => 'short',"),
      '`remarks` of the method gives no list of texts',
    ],
    [
      method('views: 2,', 'views: 2, afer: () => ({}),'),
      '`make` of `m8` returned a Method with `afer`, which nothing reads: `after` is meant',
    ],
    [method('views: 2,', 'views: 2, after() {},'), '`after` of the method returns no record'],
    [
      method('views: 2,', 'views: 2, begin: () => ({ teacher: {} }),'),
      '`begin` of the method returns `teacher`',
    ],
    [
      method('views: 2,', 'views: 2, encoder: () => ({ trained: {}, stats: {} }),'),
      '`encoder` of the method gives no `trained.conv1.weight`',
    ],
    [
      method('views: 2,', 'views: 2, paces: { projektor: ({ scale }) => scale },'),
      '`paces` of the method names `projektor`, and nothing that is trained is called `projektor.…`',
    ],
    [
      method('views: 2,', "views: 2, signs: { loss: { what: 'loss', alarms: [{ to: 0 }] } },"),
      '`signs.loss` of the method has an alarm that says no interval or no text',
    ],
    [
      method('state: b.state', 'state: b.state, watch: { lr: tf.scalar(7) }'),
      '`loss` of the method gives `watch.lr`, a name of what every training watches',
    ],
    [
      method('state: b.state', 'state: b.state, watch: { c }'),
      '`loss` of the method gives a tensor of shape (8, 8) as `watch.c`, not one number',
    ],
    [
      method('state: b.state', 'state: {}'),
      "`loss` of the method gives a `state` without the encoder's statistics, such as `encoder.bn1.running_mean`",
    ],
    [
      method('const c =', 'tf.matMul(a.features, a.features);\n      const c ='),
      'Matrix size-incompatible: In[0]: [8,16], In[1]: [8,16] 0 0',
    ],
  ];
  const modules = Object.fromEntries(methods.map(([text], i) => [`m${i}.mjs`, text]));
  const declared = methods.map((_, i) => `extern value m${i}() -> Method from "./m${i}.mjs"`);
  const axis = `axis method = [${methods.map((_, i) => `m${i}()`).join(', ')}]`;
  const others = `extern value lacking() -> Views from "./lacking.mjs"
train seeing = pretrain(pairs, lacking(), barlow(), resnet18(width: 2), epochs: 1, batch: 8)
extern value flat() -> Schedule from "./flat.mjs"
train paced = pretrain(pairs, own_views(size: 8px), barlow(), resnet18(width: 2), epochs: 1, batch: 8, schedule: flat())
extern value often(size: Pixels) -> Views from "./often.mjs"
train mirrored = pretrain(pairs, often(size: 8px), barlow(), resnet18(width: 2), epochs: 1, batch: 8)
extern value greyscale(size: Pixels) -> Views from "./greyscale.mjs"
train grey = pretrain(pairs, greyscale(size: 8px), barlow(), resnet18(width: 2), epochs: 1, batch: 8)
extern value drawn() -> Schedule from "./drawn.mjs"
train random = pretrain(pairs, own_views(size: 8px), barlow(), resnet18(width: 2), epochs: 1, batch: 8, schedule: drawn())
extern value unsaid() -> Schedule from "./unsaid.mjs"
train unpaced = pretrain(pairs, own_views(size: 8px), barlow(), resnet18(width: 2), epochs: 1, batch: 8, schedule: unsaid())
extern value partial() -> Optimizer from "./partial.mjs"
train moved = pretrain(pairs, own_views(size: 8px), barlow(), resnet18(width: 2), epochs: 1, batch: 8, optimizer: partial())
`;
  const text = files['study.ssp'].replace(/axis method = .*/, `${declared.join('\n')}\n${axis}`);
  const folder = study({
    ...modules,
    'lacking.mjs': 'export const make = () => ({ of: [] });\n',
    'often.mjs': files['own-views.mjs'].replace('flip: 0.5', 'flip: 50'),
    'greyscale.mjs': files['own-views.mjs'].replace('grayscale: 0', 'grayscale: 0, greyscale: 0.2'),
    'drawn.mjs': 'export const make = () => ({ scale: () => Math.random() });\n',
    'unsaid.mjs': 'export const make = () => ({ scale() {} });\n',
    'partial.mjs':
      'export const make = () => ({ init: () => ({}), update: () => ({ trained: {}, slots: {} }) });\n',
    'flat.mjs': 'export const make = () => ({ rate: () => 1 });\n',
    'study.ssp': `${text}${others}`,
  });
  for (const name of Object.keys(modules)) {
    const made = readFileSync(join(folder, name), 'utf8');
    writeFileSync(
      join(folder, name),
      made.replace('({ lambda, dim })', '({ lambda = 1, dim = 8 })'),
    );
  }
  const { out, err } = await ssp(folder, ['run', 'study.ssp', '--json', '--keep-going']);
  expect(out, err).not.toBe('');
  const said = (JSON.parse(out) as Document).stages.flatMap(({ id, outcome, failure }) =>
    outcome === 'failed' ? [[id, failure?.message]] : [],
  );
  expect(err).toMatch(/Matrix size-incompatible.*\n.*it was thrown at .*m\d+\.mjs:17:/);
  expect(said).toEqual([
    ...methods.map(([, found], i) => [`encoder[method=m${i}]`, found]),
    ['seeing', '`make` of `lacking` returned a Views with no `views`'],
    ['paced', '`make` of `flat` returned a Schedule with no `scale`'],
    [
      'mirrored',
      '`make` of `often` returned a Views with a `views[0].flip` that is not a probability from 0 to 1',
    ],
    ['grey', expect.stringContaining('`views[0].greyscale`, which nothing reads: there are size,')],
    [
      'random',
      expect.stringMatching(/^`scale` of the schedule is 0\.\d+ at step 1, and asked again/),
    ],
    ['unpaced', '`scale` of the schedule is undefined at step 1'],
    ['moved', '`update` of the optimiser gives no tensor as `trained` `encoder.bn1.bias`'],
  ]);
}, 120_000);

it('gives an editor the types of what a module makes', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/ssp'));
  const typed = `import { tf, type Method } from 'ssp/library';
export const make = ({ scale }: { scale: number }): Method => ({
  views: 2,
  init: () => ({ trained: {}, state: {} }),
  loss({ trained, state, views, encode }) {
    const [first] = views;
    if (first === undefined) throw new Error('no view');
    const pass = encode(trained, state, first);
    return { loss: tf.mul(tf.mean<tf.Scalar>(pass.features), scale), state: pass.state };
  },
});
`;
  const check = (text: string, name = 'method.ts') => {
    writeFileSync(join(folder, name), text);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext'];
    const target = ['--allowJs', '--checkJs', '--target', 'es2023', '--types', '', name];
    return spawnSync(process.execPath, [tsc, ...options, ...target], {
      cwd: folder,
      encoding: 'utf8',
    }).stdout;
  };
  expect(check(typed)).toBe('');
  expect(check(typed.replace('views: 2', 'views: "two"'))).toContain("'string' is not assignable");

  const network = `import { asRank4, globalMean, conv2d, kaimingKernel, pick, relu } from 'ssp/library';

/**
 * @param {{ width: number }} args
 * @returns {import('ssp/library').Backbone}
 */
export function make({ width }) {
  return {
    features: width,
    init: (rng) => ({ trained: { 'conv.weight': kaimingKernel(rng, 3, 3, width) }, stats: {} }),
    apply({ trained }, x) {
      const y = conv2d(x, asRank4(pick(trained, 'conv.weight')), { constantInput: true });
      return { features: globalMean(relu(y)), stats: {} };
    },
  };
}
`;
  expect(check(network, 'network.mjs')).toBe('');
  const flat = network.replace('globalMean(relu(y))', 'relu(y)');
  expect(check(flat, 'network.mjs')).toContain("is not assignable to type 'Tensor2D'");
  const unnamed = network.replace('features: width', 'length: width');
  expect(check(unnamed, 'network.mjs')).toContain("'length' does not exist in type 'Backbone'");
  expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).exports).toHaveProperty([
    './library',
  ]);
});
