import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { expectShape } from '../support/published-shape.js';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const study = `axis seed = [1, 2, 3]
extern stage probe(seed: Int) -> Metrics{top1: Float} from "./probe.mjs"
evaluate quality = probe(seed)
report all = table(quality.top1, over: seed)
`;

const probe = `export async function run({ params, remark }) {
  if (params.seed < 3) {
    remark('half of the labels were missing');
    remark('half of the labels were missing');
  }
  return { metrics: { top1: params.seed } };
}
`;

const valid = (name: string, text: string): unknown => {
  const document: unknown = JSON.parse(text);
  expectShape(name, document);
  return document;
};

it('tells what a stage remarks live, at the end, and wherever the result is shown', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'study.ssp'), study);
  writeFileSync(join(folder, 'probe.mjs'), probe);
  const first = await ssp(folder, ['run', 'study.ssp']);
  expect(first.code, first.err).toBe(0);
  expect(first.err.match(/^remark {2}quality\[seed=1\]: half of the labels/gm)).toHaveLength(1);
  const said = 'Remarks\n! quality[seed=1], quality[seed=2]: half of the labels were missing\n';
  expect(first.out).toContain(said);
  const logs = join(folder, '.ssp/logs');
  const log = readdirSync(logs).map((name) => readFileSync(join(logs, name), 'utf8'));
  expect(log.filter((text) => text.includes('\nremark: half of the labels'))).toHaveLength(2);

  // A result that is reused has its remarks too.
  expect((await ssp(folder, ['run', 'study.ssp'])).out).toContain(said);
  expect((await ssp(folder, ['show', 'study.ssp'])).out).toContain(said);
  const shown = valid('run', (await ssp(folder, ['show', 'study.ssp', '--json'])).out);
  const remarks = ['half of the labels were missing'];
  const marked = [{ remarks }, { remarks }, expect.not.objectContaining({ remarks })];
  expect(shown).toMatchObject({ stages: marked });

  await ssp(folder, ['report', 'study.ssp', '-o', 'page']);
  const written = (name: string) => readFileSync(join(folder, 'page', name), 'utf8');
  expect(written('report.md')).toContain('## Remarks\n\n- quality\\[seed=1\\]');
  expect(written('index.html')).toContain(': half of the labels were missing</li>');
  expect(valid('report', written('report.json'))).toMatchObject({ stages: marked });
});
