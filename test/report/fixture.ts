import { createHash } from 'node:crypto';
import type {
  Cell,
  Comparison,
  Difference,
  Expectation,
  Findings,
  StageOutcome,
  Table,
} from '../../src/execute/record.js';

/** Made-up numbers that test layout alone; no measurement. */
export function cell(values: readonly number[], unit: Cell['unit'] = 'Fraction'): Cell {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((a, b) => a + (b - mean) ** 2, 0);
  const std = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : undefined;
  const points = values.map((_, i) => `seed=${i + 1}`);
  const labels = values.map((_, i) => [String(i + 1)]);
  return { mean, std, count: values.length, values, points, axes: ['seed'], labels, unit };
}

/** A made-up difference of three pairs. */
export const difference: Difference = {
  row: 0,
  column: 2,
  first: 'left',
  second: 'right',
  mean: 0.1,
  interval: { low: 0.075, high: 0.125 },
  count: 3,
  p: 0.25,
  least: 0.25,
  holm: 0.5,
  unit: 'FractionDifference',
};

/** Rows a1, a2; columns of axis `b`, each with the values left, right and gain. */
export const table: Table = {
  name: 'fixture_table',
  doc: 'A fixture, not a result.',
  rowAxes: ['a'],
  rows: [['a1'], ['a2']],
  columnAxes: ['b'],
  columns: ['b1', 'b2'].flatMap((b) =>
    ['left', 'right', 'gain'].map((value) => ({ labels: [b], value })),
  ),
  cells: [
    [
      cell([0.5, 0.52, 0.51]),
      cell([0.4, 0.41, 0.42]),
      cell([0.1, 0.11, 0.09]),
      cell([0.25, 0.26, 0.27]),
      cell([0.29, 0.28, 0.3]),
      cell([-0.04, -0.02, -0.03]),
    ],
    [
      cell([0.6, 0.61, 0.62]),
      cell([0.6, 0.59]),
      cell([0, 0.02]),
      cell([0.301, 0.299, 0.3]),
      undefined,
      undefined,
    ],
  ],
  over: ['seed'],
  differences: [difference],
  published: [{ row: 0, column: 0, value: 0.5525, unit: 'Fraction', source: 'fixture paper' }],
  singlePairs: [],
  about: [],
};

/** One row a size, so that its figure is a line. */
export const trend: Table = {
  name: 'fixture_trend',
  doc: undefined,
  rowAxes: ['n'],
  rows: [['50'], ['100'], ['200'], ['400']],
  columnAxes: [],
  columns: [
    { labels: [], value: 'left' },
    { labels: [], value: 'time' },
  ],
  cells: [1, 2, 4, 8].map((n) => [
    cell([0.3 + n / 50, 0.31 + n / 50 + n / 4000]),
    cell([60 * n, 61 * n], 'Duration'),
  ]),
  over: ['seed'],
  differences: [],
  published: [],
  singlePairs: [],
  about: [],
};

export const expectations: readonly Expectation[] = [
  {
    text: 'mean(x[b: b1], over: seed) > mean(y, over: seed)',
    doc: 'A fixture that holds.',
    holds: true,
    points: 2,
    failing: [],
    sides: [
      { point: 'a=a1', left: 0.51, right: 0.41, leftStd: 0.01, rightStd: 0.01 },
      { point: 'a=a2', left: 0.61, right: 0.595, leftStd: 0.01, rightStd: 0.0071 },
    ],
    unit: 'Fraction',
    operator: '>',
  },
  {
    text: 'gain > 0',
    doc: undefined,
    holds: false,
    points: 2,
    failing: ['a=a1,b=b2'],
    sides: [
      { point: 'a=a1,b=b1', left: 0.1, right: 0 },
      { point: 'a=a1,b=b2', left: -0.03, right: 0, fails: true },
    ],
    unit: 'Fraction',
    operator: '>',
  },
  { text: 'z < 3', doc: undefined, holds: undefined, points: 1, failing: [], sides: [] },
];

export const comparisons: readonly Comparison[] = [
  { source: 'fixture paper', text: 'x[a: a1]', published: 0.55, ours: cell([0.5, 0.52, 0.51]) },
  { source: 'fixture paper', text: 'x[a: a2]', published: 0.6, unit: 'Fraction', ours: undefined },
];

export const findings: Findings = {
  tables: [table, trend],
  expectations,
  comparisons,
  names: { axes: {}, labels: {} },
};

/** A finished stage, with only what reports read. */
export function outcome(
  name: string,
  point: Readonly<Record<string, string>>,
  more: Partial<Pick<StageOutcome, 'outcome' | 'failure'>> & {
    readonly files?: Readonly<Record<string, { digest: string; size: number }>>;
    readonly metrics?: Readonly<Record<string, number>>;
    readonly environment?: Readonly<Record<string, string | number>>;
    readonly facts?: Readonly<Record<string, string | number>>;
  } = {},
): StageOutcome {
  const axes = Object.entries(point).sort(([a], [b]) => (a < b ? -1 : 1));
  const at = axes.map(([axis, label]) => `${axis}=${label}`).join(',');
  const id = at === '' ? name : `${name}[${at}]`;
  const key = createHash('sha256').update(id).digest('hex');
  const params = {};
  const record = {
    format: 'ssp-key/1',
    stage: `fixture.${name}`,
    version: 1,
    params,
    numeric: null,
  } as const;
  const planned = {
    id,
    name,
    stage: `fixture.${name}`,
    version: 1,
    keyword: undefined,
    result: more.metrics ? 'Metrics' : 'Encoder',
    point,
    params,
    places: {},
    inputs: [],
    resources: {},
    unset: [],
    at: { file: 'fixture.ssp', line: 1, column: 1 },
    key,
    record,
    action: 'hit',
    reason: { kind: 'cached', changes: [] },
  } as const;
  const done = more.outcome ?? 'ran';
  const seconds = 65;
  return {
    planned,
    outcome: done,
    seconds,
    record:
      done === 'failed' || done === 'skipped'
        ? undefined
        : {
            key,
            output: {
              type: planned.result,
              digest: key,
              files: more.files ?? {},
              metrics: more.metrics ?? {},
            },
            seconds,
            finishedAt: '2000-01-01T00:00:00.000Z',
            environment: more.environment ?? {},
            ...(more.facts ? { facts: more.facts } : {}),
          },
    ...(more.failure ? { failure: more.failure } : {}),
  };
}
