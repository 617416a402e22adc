import { expect, it } from 'vitest';
import { findingsOf } from '../../../src/execute/findings/findings.js';
import type { StagePoint } from '../../../src/plan/plan.js';
import { readTable } from '../../../src/report/tables/table-reading.js';
import { compileText, env, outcomesOf } from '../compile-text.js';

const start = `
import std.lab.{images, semantic, augmented, pretrain, probe as linear_probe}

axis seed = 1..6
axis few = {cifar10: 10, cifar100: 100, stl10: 20}
axis pairs = {sp: semantic(images(root: env.IMAGENET)), ap: augmented(images(root: env.IMAGENET))}
train encoder = pretrain(pairs, 10%, seed)
`;

/** The first table of a study, with values by its points. */
function tableOf(text: string, top1: (point: StagePoint) => number) {
  const program = compileText(start + text);
  const outcomes = outcomesOf(program, (p) => (p.keyword === 'evaluate' ? { top1: top1(p) } : {}));
  const [table] = findingsOf(program, outcomes, env).tables;
  if (table === undefined) throw new Error('the study has a table');
  return table;
}

const gains = (p: StagePoint): number =>
  0.5 + (p.point.pairs === 'sp' ? 0.02 * Number(p.point.seed) : 0);

it('says and counts once what is the same in several rows', () => {
  const table = tableOf(
    `
evaluate probe = linear_probe(encoder, images(root: env.STL10))
evaluate near = linear_probe(encoder, images(root: env.STL10), k: few)
let gain = probe.top1[pairs: sp] - probe.top1[pairs: ap]
report r = table({near: near.top1[pairs: sp], gain}, rows: few, over: seed)
`,
    gains,
  );
  expect(table.rows).toHaveLength(3);
  expect(table.differences).toHaveLength(1);
  expect(table.differences[0]).toMatchObject({ same: ['few'], p: 0.03125, holm: 0.03125 });
});

it('takes a p for no mean of one value', () => {
  const table = tableOf(
    `
evaluate probe = linear_probe(encoder, images(root: env.STL10))
let gain = probe.top1[pairs: sp] - probe.top1[pairs: ap]
report r = table({gain, p: p_value(gain, over: seed), least: least_p(gain, over: seed)}, over: seed)
`,
    gains,
  );
  const [gain, p, least] = table.cells[0] ?? [];
  expect([gain?.count, gain?.reduced, p?.reduced, least?.reduced]).toEqual([
    6,
    undefined,
    true,
    true,
  ]);
  expect(readTable(table).usualCount).toBe(6);
});

it.each([
  ['more probes than encoders', '1..10'],
  ['fewer probes than encoders', '1..3'],
  ['one probe', '[7]'],
])('takes what is least sure of two kinds of seeds for independent: %s', (_, probes) => {
  for (const over of ['[seed, probe_seed]', '[probe_seed, seed]']) {
    const table = tableOf(
      `
axis probe_seed = ${probes}
evaluate probe = linear_probe(encoder, images(root: env.STL10), probe_seed)
let gain = probe.top1[pairs: sp] - probe.top1[pairs: ap]
report r = table({gain}, over: ${over})
`,
      (p) => gains(p) + 0.001 * Number(p.point.probe_seed),
    );
    expect(table.differences).toMatchObject([{ count: 6, within: ['probe_seed'], p: 0.03125 }]);
  }
});

it('goes by what a value is made of, not by what it was chosen by', () => {
  const table = tableOf(
    `
axis lr = [0.1, 0.2]
evaluate probe = linear_probe(encoder, images(root: env.STL10))
let wrong = 1 - probe.top1
let sp = if lr > 0.1 then probe.top1[pairs: sp] else probe.top1[pairs: ap]
report r = table({sp: pick(sp, by: -wrong[pairs: sp], over: lr), wrong: wrong[pairs: sp]}, over: seed)
`,
    gains,
  );
  expect(table.columns.map(({ errors = false }) => errors)).toEqual([false, true]);
});
