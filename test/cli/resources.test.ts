import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

it('says before a run what its stages want that is not there, and what happens then', async () => {
  const folder = temporaryFolder();
  const study = `extern stage scored() -> Metrics{score: Float} from "./scored.mjs"
@gpu(1) @memory(1000TiB)
evaluate quality = scored()
`;
  writeFileSync(join(folder, 'study.ssp'), study);
  const module = 'export const run = () => ({ metrics: { score: 1 } });\n';
  writeFileSync(join(folder, 'scored.mjs'), module);
  const notes = (err: string) => err.split('\n').filter((line) => line.startsWith('note: '));
  const expected = [
    'note: `quality` wants 1 GPU and there is none: it runs on the processor (name GPUs with --gpus)',
    expect.stringMatching(
      /^note: `quality` wants 1000\.0 TiB of memory and there are [\d.]+ GiB: /,
    ),
  ];
  const planned = await ssp(folder, ['plan', 'study.ssp']);
  expect(notes(planned.err)).toEqual(expected);
  expect(planned.out).toContain('no estimate: nothing like `quality` was measured; ');
  const ran = await ssp(folder, ['run', 'study.ssp']);
  expect(ran.code, ran.err).toBe(0);
  expect(notes(ran.err)).toEqual(expected);
  expect(ran.err.indexOf('note: ')).toBeLessThan(ran.err.indexOf('done  quality'));
  const again = await ssp(folder, ['run', 'study.ssp']);
  expect(notes(again.err)).toEqual([]);
}, 120_000);
