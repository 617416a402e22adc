import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { expectShape } from '../support/published-shape.js';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Twelve images of 64 px in three shards, as somebody's own stage writes them. */
const own = `import { writeFileSync } from 'node:fs';
function npy(shard) {
  const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (4, 64, 64, 3), }".padEnd(117) + '\\n';
  const pixels = Buffer.alloc(4 * 64 * 64 * 3, shard + 1);
  return Buffer.concat([Buffer.from('\\x93NUMPY\\x01\\x00v\\x00' + header, 'latin1'), pixels]);
}
export function run({ out }) {
  for (let shard = 0; shard < 3; shard++) writeFileSync(\`\${out}/images-0000\${shard}.npy\`, npy(shard));
  const items = Array.from({ length: 12 }, (_, i) => ({
    name: \`\${i}.png\`,
    split: i < 9 ? 'train' : 'test',
    attributes: { class: i % 3 === 0 ? 'cat' : 'dog' },
  }));
  const sources = [{ name: 'Garden', version: '2', license: 'CC0-1.0', author: 'Ada' }];
  const about = { format: 'ssp-images', version: 1, values: { class: ['cat', 'dog'] }, sources, items };
  writeFileSync(\`\${out}/items.json\`, JSON.stringify(about));
  return { facts: { skipped: '2: 1 cut off, 1 no image' } };
}
`;
const study = `import std.pairs.{augmented_pairs, semantic_pairs}

extern stage own() -> Images from "./own.mjs"

dataset photos = own()
dataset pairs = semantic_pairs(photos)
dataset views = augmented_pairs(photos)
`;

function project(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'own.mjs'), own);
  writeFileSync(join(folder, 'study.ssp'), study);
  return folder;
}

const valid = (name: string, text: string): unknown => {
  const document: unknown = JSON.parse(text);
  expectShape(name, document);
  return document;
};

/** Paths of the content of a store. */
const blobsOf = (folder: string): readonly string[] => {
  const blobs = join(folder, '.ssp/blobs');
  const shards = readdirSync(blobs).filter((name) => /^[0-9a-f]{2}$/.test(name));
  return shards.flatMap((shard) =>
    readdirSync(join(blobs, shard)).map((name) => join(blobs, shard, name)),
  );
};

it('tells what is in images and pairs when they are made, and wherever results are shown', async () => {
  const folder = project();
  const first = await ssp(folder, ['run', 'study.ssp']);
  expect(first.code, first.err).toBe(0);
  const images =
    'images 12; size 64 px; classes 2; images of a class 4 (cat) to 8 (dog); in train 9; in test 3; source Garden 2 (CC0-1.0); skipped 2: 1 cut off, 1 no image';
  const pairs =
    'pairs 9; distinct images 9; size 64 px; classes 2; pairs of a class 3 (cat) to 6 (dog); source Garden 2 (CC0-1.0)';
  expect(first.err).toMatch(/^done {2}photos .*\n {6}images 12; size 64 px/m);
  expect(first.err).toContain(`\n      ${images}\n`);
  const shown = (await ssp(folder, ['show', 'study.ssp'])).out.replace(/\n {2}/g, ' ');
  expect(shown).toContain(`Facts\nphotos: ${images}\n`);
  expect(shown).toMatch(/^pairs: pairs 9; distinct images \d; /m);
  expect(shown).toContain(
    `views: ${pairs.replace('images 9;', 'images 9; of one image with itself 9;')}\n`,
  );
  const facts = { images: 12, 'images of a class': '4 (cat) to 8 (dog)', 'in train': 9 };
  const stages = [{ facts }, { facts: { pairs: 9 } }, { facts: { 'distinct images': 9 } }];
  const json = (await ssp(folder, ['show', 'study.ssp', '--json'])).out;
  expect(valid('run', json)).toMatchObject({ stages });

  await ssp(folder, ['report', 'study.ssp', '-o', 'page']);
  const written = (name: string) => readFileSync(join(folder, 'page', name), 'utf8');
  expect(written('report.md')).toContain(`## What is in the results\n\n- photos: ${images}`);
  expect(written('index.html')).toContain(`<li><code>photos</code>: ${images}</li>`);
  expect(valid('report', written('report.json'))).toMatchObject({ stages });

  expect(readFileSync(join(folder, 'study.ssp.lock'), 'utf8')).toContain(
    '    facts:\n      images: 12\n      size: 64 px\n',
  );
  // They are in the lock: known where there is no store.
  rmSync(join(folder, '.ssp'), { recursive: true });
  expect((await ssp(folder, ['show', 'study.ssp'])).out).toContain('Facts\nphotos: images 12;');
}, 60_000);

it('says beneath a table what the evaluations that it shows are about', async () => {
  const folder = project();
  writeFileSync(
    join(folder, 'score.mjs'),
    `export const run = ({ params: { seed } }) => ({
  metrics: { top1: 0.5 + seed / 100 },
  facts: { 'images asked': 1000 * seed, classes: 2, rule: seed > 1 ? 'even' : 'odd' },
});
`,
  );
  writeFileSync(
    join(folder, 'study.ssp'),
    `extern stage own() -> Images from "./own.mjs"
extern stage measured(on: Images, seed: Int) -> Metrics{top1: Fraction} from "./score.mjs"
axis seed = [1, 2]
dataset photos = own()
evaluate score = measured(photos, seed)
evaluate other = measured(photos, seed)
evaluate last = measured(photos, seed: 2)
report both = table({score: score.top1, other: other.top1}, over: seed)
report one = table(score.top1[seed: 1])
report all = table({score: score.top1, last: last.top1}, over: seed)
`,
  );
  const { code, out, err } = await ssp(folder, ['run', 'study.ssp']);
  expect(code, err).toBe(0);
  expect(err).toMatch(
    /^done {2}last .* top1 0\.5200\n {6}images asked 2,000; classes 2; rule even$/m,
  );
  const both = 'images asked 1,000 to 2,000; classes 2; rule odd or even';
  const one = 'images asked 1,000; classes 2; rule odd';
  const all =
    'score: images asked 1,000 to 2,000, classes 2, rule odd or even; last: images asked 2,000, classes 2, rule even';
  expect(out).toContain(`mean ± standard deviation over seed, n = 2\n${both}\n`);
  expect(out.replaceAll('\n', ' ')).toContain(`── ${one} `);
  expect(out.replaceAll('\n', ' ')).toContain(all);

  await ssp(folder, ['report', 'study.ssp', '-o', 'page']);
  const written = (name: string) => readFileSync(join(folder, 'page', name), 'utf8');
  const page = written('index.html');
  expect(page).toContain(`<p class="note">I${both.slice(1)}.</p>`);
  expect(page).toContain(`<p class="note">I${one.slice(1)}.</p>`);
  expect(written('report.md')).toContain(`*${all}*`);
  const facts = { 'images asked': [1000, 2000], classes: [2], rule: ['odd', 'even'] };
  const about = [{ stages: ['score', 'other'], facts }];
  expect(valid('report', written('report.json'))).toMatchObject({ tables: [{ about }, {}, {}] });
  const shown = (await ssp(folder, ['show', 'study.ssp', '--json'])).out;
  expect(valid('run', shown)).toMatchObject({ tables: [{ about }, {}, {}] });
}, 60_000);

it.each([
  ['on one disk', false],
  ['with its content on another disk', true],
])(
  'keeps pixels once however many pairs are made of them: a store %s',
  async (_, apart) => {
    const folder = project();
    const other = temporaryFolder(existsSync('/dev/shm') ? '/dev/shm' : undefined);
    mkdirSync(join(folder, '.ssp'));
    if (apart) symlinkSync(other, join(folder, '.ssp/blobs'));
    const { code, err } = await ssp(folder, ['run', 'study.ssp']);
    expect(code, err).toBe(0);
    const shards = () =>
      blobsOf(folder).filter((path) => statSync(path).size === 128 + 4 * 64 * 64 * 3);
    expect(shards()).toHaveLength(3);

    if (apart) return;
    // What is damaged is damaged for all that have it, and is made again once.
    const [shard = ''] = shards();
    chmodSync(shard, 0o644);
    writeFileSync(shard, Buffer.alloc(statSync(shard).size, 77));
    writeFileSync(
      join(folder, 'study.ssp'),
      `${study}dataset few = augmented_pairs(photos, per_class: 1)\n`,
    );
    const again = await ssp(folder, ['run', 'study.ssp', '--json']);
    expect(again.code, again.err).toBe(0);
    const { stages } = JSON.parse(again.out) as { stages: { id: string; outcome: string }[] };
    expect(stages.map(({ id, outcome }) => `${id} ${outcome}`).sort()).toEqual([
      'few ran',
      'pairs hit',
      'photos ran',
      'views hit',
    ]);
    expect(existsSync(shard) && readFileSync(shard)[200]).not.toBe(77);
    expect(readdirSync(join(folder, '.ssp/quarantine'))).toHaveLength(1);
  },
  60_000,
);
