import { expect, it } from 'vitest';
import type { Json } from '../../src/base/canonical.js';
import { changeText } from '../../src/plan/change-text.js';
import type { Change, StagePoint } from '../../src/plan/plan.js';

const views = (args: Json): Json => ({ describe: 'std.views.simclr_views', version: 1, args });
const point: StagePoint = {
  id: 'encoder',
  name: 'encoder',
  stage: 'std.train.pretrain',
  version: 1,
  keyword: 'train',
  result: 'Encoder',
  point: {},
  params: {
    pairs: { input: 'pairs[pairs=sp]' },
    views: views({ grayscale: 0, scale: { low: 0.2, high: 1 }, size: 32 }),
    method: { describe: 'std.ssl.simclr', version: 1, args: { temperature: 0.2 } },
    table: { file: 'labels.csv' },
  },
  places: {},
  inputs: [],
  resources: {},
  unset: [],
  at: { file: 'a.ssp', line: 1, column: 1 },
};

function said(change: Change, of: Partial<StagePoint> = {}): string {
  const { name, what } = changeText(change, { ...point, ...of });
  return `${name}: ${what}`;
}

it('writes values as the file does, with their units', () => {
  const path = 'params.views.args';
  expect(said({ path: `${path}.grayscale`, before: 0.2, after: 0 })).toBe(
    'views.grayscale: 20% → 0%',
  );
  expect(said({ path: `${path}.grayscale`, before: 0.33299999999999996, after: 0.333 })).toBe(
    'views.grayscale: 0.33299999999999996 → 0.333',
  );
  expect(said({ path: `${path}.scale.low`, before: 0.2, after: 0.4 })).toBe(
    'views.scale.low: 0.2 → 0.4',
  );
  expect(said({ path: `${path}.size`, before: 32, after: 64 })).toBe('views.size: 32px → 64px');
  expect(said({ path: 'params.epochs', before: 12, after: 20 })).toBe('epochs: 12 → 20');
  expect(said({ path: 'numeric.device', before: 'cpu', after: 'cuda' })).toBe(
    'numeric.device: "cpu" → "cuda"',
  );
  expect(said({ path: 'params.more', after: 3 })).toBe('more: (absent) → 3');
});

it('names what is described, and shows of artifacts how their digests begin', () => {
  const vicreg = { describe: 'std.ssl.vicreg', version: 1, args: { dim: 64 } };
  const sgd = { describe: 'std.optim.sgd', version: 1, args: {} };
  const { method = null } = point.params;
  expect(said({ path: 'params.method', before: vicreg, after: method })).toBe(
    'method: vicreg(…) → simclr(…)',
  );
  expect(said({ path: 'params.optimizer', before: sgd, after: vicreg })).toBe(
    'optimizer: sgd() → vicreg(…)',
  );
  const artifact = (digit: string): Json => ({ artifact: digit.repeat(64) });
  expect(said({ path: 'params.pairs', before: artifact('a'), after: artifact('b') })).toBe(
    'pairs: aaaaaaaaaaaa → bbbbbbbbbbbb',
  );
});

it('names the files that have other content', () => {
  const [before, after] = [{ file: 'a'.repeat(64) }, { file: 'b'.repeat(64) }];
  expect(said({ path: 'params.table', before, after })).toBe('`labels.csv`: changed');
  expect(said({ path: 'params.other', before, after })).toBe(
    'other: a file (aaaaaaaaaaaa) → a file (bbbbbbbbbbbb)',
  );
});

it('names the code that changed', () => {
  const digests = { before: 'a'.repeat(64), after: 'b'.repeat(64) };
  const module = { kind: 'module', path: 'stages/blur.mjs', imports: ['stages/x.mjs'] } as const;
  expect(said({ path: 'code.module', ...digests }, { code: module })).toBe(
    '`stages/blur.mjs`: changed',
  );
  expect(said({ path: 'code.imports.x.mjs', ...digests }, { code: module })).toBe(
    '`stages/x.mjs`: changed',
  );
  expect(said({ path: 'code.seen.../sizes.json', ...digests }, { code: module })).toBe(
    '`sizes.json`: changed',
  );
  expect(said({ path: 'code.seen.../package.json#', ...digests }, { code: module })).toBe(
    '`package.json`: changed',
  );
  const command = {
    kind: 'command',
    words: ['python3', 'blur.py'],
    folder: '.',
    reads: [{ path: 'blur.py', kind: 'file' }],
  } as const;
  expect(said({ path: 'code.reads.0', ...digests }, { code: command })).toBe('`blur.py`: changed');
  expect(
    said({ path: 'code.command.1', before: 'old.py', after: 'blur.py' }, { code: command }),
  ).toBe('command.1: "old.py" → "blur.py"');
});
