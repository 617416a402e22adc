import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const study = `extern stage tune(n: Int) -> Metrics{epochs: Int}
  command "sh tune.sh {n} {out}"
  reads: ["tune.sh"]
extern stage use(epochs: Int(1..10)) -> Metrics{v: Int}
  command "sh use.sh {epochs} {out}"
  reads: ["use.sh"]

param n: Int = 0
evaluate t = tune(n)
evaluate u = use(t.epochs)
evaluate w = use(2)
report r = table({u: u.v, w: w.v})
`;

it('holds numbers that other stages make against the bounds of what takes them', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'study.ssp'), study);
  writeFileSync(join(folder, 'tune.sh'), 'echo "{\\"epochs\\": $1}" > "$2/metrics.json"\n');
  writeFileSync(join(folder, 'use.sh'), 'echo "{\\"v\\": $1}" > "$2/metrics.json"\n');
  const wrong = await ssp(folder, ['run', 'study.ssp', '--keep-going']);
  expect(wrong.code).not.toBe(0);
  expect(wrong.err).toContain(
    'study.ssp:10: `epochs` of `use` is 0, the `epochs` of `t`; expected Int(1..10)',
  );
  expect(wrong.err).toMatch(/2 ran, 0 hit, 1 failed/);
  // Its result is there already.
  const again = await ssp(folder, ['run', 'study.ssp']);
  expect(again.err).toContain('`epochs` of `use` is 0');
  const right = await ssp(folder, ['run', 'study.ssp', '--set', 'n=10']);
  expect(right.err).toMatch(/2 ran, 1 hit/);
  expect(right.code).toBe(0);
});
