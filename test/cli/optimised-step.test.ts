import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { breakingStudy } from './breaking-study.js';

it('makes of a wide VICReg a graph that TensorFlow can optimise', async () => {
  const study = breakingStudy(
    ['import std.views.crop_only', 'import std.views.crop_only\nimport std.ssl.vicreg'],
    [' likeness()', ' vicreg(hidden: 16, dim: 40)'],
    ['steep(), epochs: 4', 'steep(), epochs: 1'],
  );
  const { code, err } = await ssp(study, ['run', 'study.ssp']);
  expect(code, err).toBe(0);
  const logs = join(study, '.ssp/logs');
  const said = readdirSync(logs).map((name) => readFileSync(join(logs, name), 'utf8'));
  expect(said.join('\n')).toContain('18 pairs');
  expect(said.join('\n')).not.toContain('topological order');
}, 60_000);
