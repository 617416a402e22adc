import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const study = `
param trials: Int = 4
extern stage scored(lr: Float, decay: Float) -> Metrics{validation: Float, test: Float}
  from "./scored.mjs"

axis trial = search({lr: log(0.0001..0.1), decay: 0.0..0.5}, n: trials, seed: 1)
evaluate score = scored(lr: trial.lr, decay: trial.decay)
report best = table({
  test: pick(score.test, by: score.validation, over: trial),
  lr: pick(trial.lr, by: score.validation, over: trial),
})
`;

const scored = `export async function run({ params: { lr, decay } }) {
  const validation = -((Math.log10(lr) + 2) ** 2) - decay;
  return { metrics: { validation, test: validation - 1 } };
}`;

it('computes of a sweep that grew only what is new, and picks by validation', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'study.ssp'), study);
  writeFileSync(join(folder, 'scored.mjs'), scored);
  expect((await ssp(folder, ['run', 'study.ssp'])).err).toContain('4 ran, 0 hit');
  const grown = await ssp(folder, ['run', 'study.ssp', '--set', 'trials=6', '--json']);
  expect(grown.err).toContain('2 ran, 4 hit');
  const { stages, tables } = JSON.parse(grown.out);
  const all: readonly { lr: number; validation: number; test: number }[] = stages.map(
    (stage: { params: { lr: number }; metrics: { validation: number; test: number } }) => ({
      lr: stage.params.lr,
      ...stage.metrics,
    }),
  );
  const best = all.reduce((a, b) => (b.validation > a.validation ? b : a));
  const text = JSON.stringify(tables);
  expect(text).toContain(String(best.test));
  expect(text).toContain(String(best.lr));
}, 240_000);
