import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Every way of making pairs of the same drawings. */
const study = `/// What are these pairs?
import std.data.emoji
import std.backbone.pixels
import std.train.random_init
import std.pairs.{
  semantic_pairs, augmented_pairs, augmented_control, automatic_pairs, subset_pairs, corrupted_pairs,
  mixed_pairs, matched, pair_audit,
}

param per_class: Int(1..) = 2

dataset drawings = emoji(size: 8px)
dataset sp = semantic_pairs(drawings, per_class, reuse: 2)
dataset ap = augmented_pairs(drawings, per_class)
train eye = random_init(pixels(size: 8px))
axis pairs = {
  sp: sp,
  ap: ap,
  control: augmented_control(sp),
  wrong: corrupted_pairs(sp, share: 20%),
  mixed: mixed_pairs(sp, ap, share: 50%),
  found: automatic_pairs(drawings, eye, mutual: true, within: "group", apart: "artist", near_duplicate: 0.999),
  fewer: subset_pairs(sp, per_class: 1),
}
evaluate audit = pair_audit(pairs, drawings)
evaluate to_sp = matched(pairs, sp)

report all = table(
  {
    pairs: audit.pairs,
    images: audit.images,
    precision: audit.precision,
    most: audit.most_used,
    itself: audit.itself,
    unmatched: to_sp.unmatched_classes,
  },
  rows: pairs,
)
`;

interface Row {
  readonly pairs: number;
  readonly images: number;
  readonly precision: number;
  readonly most: number;
  readonly itself: number;
  readonly unmatched: number;
}

it('makes and measures pairs of every kind, and shows them', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'pairs.ssp'), study);
  const done = await ssp(folder, ['run', 'pairs.ssp', '--json']);
  expect(done.code, done.err).toBe(0);
  const { tables, stages } = JSON.parse(done.out) as {
    stages: { id: string; facts?: Record<string, unknown> }[];
    tables: { rows: string[][]; columns: { value: string }[]; cells: { mean: number }[][] }[];
  };
  const [table] = tables;
  const rows: Readonly<Record<string, Row>> = Object.fromEntries(
    (table?.rows ?? []).map(([name], r) => [
      name,
      Object.fromEntries(
        (table?.columns ?? []).map(({ value }, c) => [value, table?.cells[r]?.[c]?.mean]),
      ),
    ]),
  );
  const { sp, ap, control, wrong, mixed, found, fewer } = rows;
  const pairs = sp?.pairs ?? 0;
  expect(pairs).toBeGreaterThan(1000);
  expect(sp).toMatchObject({ precision: 1, itself: 0, unmatched: 0 });
  expect(sp?.most).toBeLessThanOrEqual(2);
  // By these facts a report tells whether two sets are matched.
  expect(stages.find(({ id }) => id === 'sp')?.facts).toMatchObject({
    pairs,
    classes: pairs / 2,
    'pairs of a class': 2,
  });
  const spoilt = stages.find(({ id }) => id === 'pairs[pairs=wrong]');
  expect(spoilt?.facts).toMatchObject({ pairs, 'wrong matches': Math.round(0.2 * pairs) });
  expect(ap).toMatchObject({ pairs, images: pairs, itself: pairs, most: 1, unmatched: 0 });
  expect(control).toMatchObject({ pairs: sp?.images, images: sp?.images, itself: sp?.images });
  expect(control?.unmatched).toBeGreaterThan(0);
  expect(wrong).toMatchObject({ pairs, unmatched: 0, itself: 0 });
  expect(wrong?.precision).toBe((pairs - Math.round(0.2 * pairs)) / pairs);
  expect(mixed).toMatchObject({ pairs, itself: pairs / 2, unmatched: 0, precision: 1 });
  expect(found).toMatchObject({ itself: 0, most: 1 });
  expect(found?.precision).toBeLessThan(1);
  expect(fewer).toMatchObject({ pairs: pairs / 2, unmatched: pairs / 2 });

  const report = await ssp(folder, ['report', 'pairs.ssp', '-o', 'page']);
  expect(report.code, report.err).toBe(0);
  const page = readFileSync(join(folder, 'page/index.html'), 'utf8');
  const captions = [...page.matchAll(/<figcaption>(\w+(?:=\w+)?: [^<]+)/g)].map(
    ([, caption]) => caption,
  );
  expect(captions).toHaveLength(9);
  expect(captions).toContain('pairs=mixed: random');
  expect(captions).toContain('sp: random');
  const range = /^pairs=found: most similar, similarity 1\.00 to \d\.\d\d$/;
  expect(captions.filter((caption) => range.test(caption ?? ''))).toHaveLength(1);
  expect(readdirSync(join(folder, 'page/figures'))).toContain('pairs-pairs-pairs-found-random.png');
  const text = readFileSync(join(folder, 'page/report.md'), 'utf8');
  expect(text.match(/^## Pairs that were made$/m)).not.toBe(null);

  const more = await ssp(folder, ['run', 'pairs.ssp', '--set', 'per_class=7', '--only', 'ap']);
  expect(more.code).not.toBe(0);
  expect(more.err).toMatch(/\d+ of \d+ classes have fewer than 7 images: .* 6/);
}, 300_000);
