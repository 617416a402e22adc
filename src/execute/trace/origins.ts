import { type Place, placeOf } from '../../base/source.js';
import { foldedText } from '../../language/lex/source-text.js';
import type { Program, Term } from '../../language/program.js';
import { pointsOver } from '../../language/terms/points-over.js';
import type { World } from '../../plan/evaluate.js';
import type { Point } from '../../plan/plan.js';
import { pointText } from '../../plan/point.js';
import type { UnfoldOptions } from '../../plan/unfold.js';
import { cellAt } from '../findings/cell-at.js';
import { expectationOf } from '../findings/expectation.js';
import { differencesOf, layTable } from '../findings/lay-table.js';
import type { Predictions } from '../findings/predictions.js';
import { recording } from '../findings/recording.js';
import { resultsWorld } from '../findings/results-world.js';
import { differenceUnit, unitOf } from '../findings/unit-of.js';
import { worked } from '../findings/worked.js';
import type { Cell, Difference, StageOutcome } from '../record.js';

/** A place of the findings that has numbers, and what they are made of: plain data, some of it found when it is asked for. */
export interface Origin {
  readonly kind: 'cell' | 'claim' | 'reference' | 'metric' | 'fact' | 'total';
  /** How `ssp trace` is asked for it: `gains[on: stl10].sp`. */
  readonly address: string;
  /** The table, stage, claim or published value. */
  readonly name: string;
  /** The column, metric or fact; empty where there is none. */
  readonly field: string;
  readonly point: Point;
  readonly numbers: readonly Quantity[];
  /** What is computed, and where that is written. */
  readonly expression: string;
  readonly at: Place;
  /** Axes that it is a mean over. */
  readonly over: readonly string[];
  /** The values that it is made of, and the points whose results each of them reads. */
  readonly values: readonly TracedValue[];
}

/** A number of a place, and the cell that says with which digits it is printed. */
export interface Quantity {
  readonly part:
    | 'value'
    | 'spread'
    | 'low'
    | 'high'
    | 'p'
    | 'adjusted p'
    | 'published'
    | 'difference';
  readonly value: number;
  readonly shown: Pick<Cell, 'mean' | 'std' | 'interval' | 'unit'>;
}

export interface TracedValue {
  /** Along the axes of the mean, `seed=1`; empty without any. */
  readonly point: string;
  readonly value: number | undefined;
  /** Ids of stages. */
  readonly reads: readonly string[];
}

/** Every number that a report of a program has, in its order. */
export function originsOf(
  program: Program,
  outcomes: readonly StageOutcome[],
  env: UnfoldOptions['env'],
  predictions?: Predictions,
): readonly Origin[] {
  const world = resultsWorld(program, outcomes, env, predictions);
  return [
    ...cellsOf(program, world, predictions),
    ...claimsOf(program, world),
    ...referencesOf(program, world),
    ...outcomes.flatMap(resultsOf),
    ...totalOf(program, outcomes),
  ];
}

function cellsOf(
  program: Program,
  world: World,
  predictions: Predictions | undefined,
): readonly Origin[] {
  return program.reports.flatMap((report) => {
    const laid = layTable(report, world);
    const { rows, columns, cells } = laid;
    // Asking images takes its time: only where someone looks at the numbers.
    let asked: ReturnType<typeof differencesOf> | undefined;
    const said = () => {
      asked ??= differencesOf(laid, report, world, predictions);
      return asked;
    };
    return rows.flatMap((row, r) =>
      columns.flatMap(({ point: column, name, value }, c): readonly Origin[] => {
        const cell = cells[r]?.[c];
        if (cell === undefined || cell.text !== undefined) return [];
        const isHere = (one: { readonly row: number; readonly column: number }) =>
          one.row === r && one.column === c;
        const point = { ...row, ...column };
        const axes = [...report.rows, ...report.columns];
        return [
          {
            kind: 'cell',
            address: addressOf(report.name, axes, point, name),
            name: report.name,
            field: name,
            point,
            get numbers() {
              const { differences, singlePairs } = said();
              return [
                ...numbersOf(cell),
                ...differences.filter(isHere).flatMap(numbersOfDifference),
                ...[...differences, ...singlePairs].filter(isHere).flatMap(numbersOfImages),
              ];
            },
            ...writtenAs(value),
            over: report.over.filter((axis) => value.dims.includes(axis)),
            get values() {
              return valuesAt(value, point, report.over, world);
            },
          },
        ];
      }),
    );
  });
}

function claimsOf(program: Program, world: World): readonly Origin[] {
  return program.expects.flatMap((claim) => {
    const { condition, text, span } = claim;
    const { sides, unit = 'Float' } = expectationOf(claim, world);
    const points = new Map(
      [...pointsOver(condition.dims, {}, world)].map((p) => [pointText(condition.dims, p), p]),
    );
    return sides.map((side): Origin => {
      const { left, right, leftStd: std, rightStd } = side;
      const point = points.get(side.point) ?? {};
      return {
        kind: 'claim',
        address: `expect ${text}${side.point === '' ? '' : ` at ${side.point}`}`,
        name: text,
        field: '',
        point,
        numbers: [
          ...numbersOf({ mean: left, std, unit }),
          ...numbersOf({ mean: right, std: rightStd, unit }),
        ],
        expression: text,
        at: placeOf(span),
        over: [],
        get values() {
          return [tracedValue(condition, point, '', world)];
        },
      };
    });
  });
}

function referencesOf(program: Program, world: World): readonly Origin[] {
  return program.references.flatMap(({ source, entries }) =>
    entries.map(({ text, target, value, span }): Origin => {
      const published = cellAt(value, {}, [], world).cell?.mean ?? Number.NaN;
      const { cell } = cellAt(target, {}, target.dims, world);
      const unit = unitOf(target.type);
      const gap = cell && cell.mean - published;
      return {
        kind: 'reference',
        address: `reference ${text}`,
        name: text,
        field: source,
        point: {},
        numbers: [
          { part: 'published', value: published, shown: { mean: published, std: undefined, unit } },
          ...(cell ? numbersOf(cell) : []),
          ...(gap === undefined ? [] : [lone('difference', gap, differenceUnit(unit))]),
        ],
        expression: text,
        at: placeOf(span),
        over: target.dims,
        get values() {
          return valuesAt(target, {}, target.dims, world);
        },
      };
    }),
  );
}

/** The numbers that a stage gave, its time, and those that say what is in its result. */
function resultsOf({ planned, record }: StageOutcome): readonly Origin[] {
  if (!record) return [];
  const { id, name, point, stage, at, fields = {}, epoch } = planned;
  const origin = (
    kind: Origin['kind'],
    field: string,
    value: number,
    unit: Cell['unit'],
  ): Origin => ({
    kind,
    address: addressOf(name, Object.keys(point), point, field),
    name,
    field,
    point,
    numbers: [lone('value', value, unit)],
    expression: stage,
    at,
    over: [],
    values: [{ point: '', value, reads: [id] }],
  });
  const metrics = Object.entries(record.output.metrics).flatMap(([field, value]) => {
    const type = fields[field];
    return value === null ? [] : [origin('metric', field, value, type ? unitOf(type) : 'Float')];
  });
  const facts = Object.entries(record.facts ?? {}).flatMap(([fact, value]) =>
    typeof value === 'number' ? [origin('fact', fact, value, 'Int')] : [],
  );
  const time = epoch === undefined ? [origin('metric', 'time', record.seconds, 'Duration')] : [];
  return [...metrics, ...time, ...facts];
}

/** The time behind all results, each of which counts once. */
function totalOf(program: Program, outcomes: readonly StageOutcome[]): readonly Origin[] {
  const all = worked(outcomes);
  if (all.length === 0) return [];
  const values = all.map(({ planned: { id }, seconds, record }) => ({
    point: id,
    value: record?.seconds ?? seconds,
    reads: [id],
  }));
  const sum = values.reduce((total, { value }) => total + value, 0);
  return [
    {
      kind: 'total',
      address: 'total.time',
      name: 'total',
      field: 'time',
      point: {},
      numbers: [lone('value', sum, 'Duration')],
      expression: `the time of all ${values.length} results together`,
      at: { file: program.file.path, line: 1, column: 1 },
      over: [],
      values,
    },
  ];
}

/** `gains[on: stl10].sp`, axes in their order. */
function addressOf(name: string, axes: readonly string[], point: Point, field: string): string {
  const slices = axes.map((axis) => `${axis}: ${labelText(point[axis] ?? '')}`).join(', ');
  return `${name}${slices === '' ? '' : `[${slices}]`}${field === '' ? '' : `.${field}`}`;
}

/** A label as a slice takes it: quoted where it would not be read as one. */
const labelText = (label: string): string =>
  /[,\]{}"]/.test(label.replaceAll(/\([^()]*\)/g, '')) ? JSON.stringify(label) : label;

const writtenAs = ({ span }: Term) => ({ expression: foldedText(span), at: placeOf(span) });

const lone = (part: Quantity['part'], value: number, unit: Cell['unit']): Quantity => ({
  part,
  value,
  shown: { mean: value, std: undefined, unit },
});

function numbersOf(shown: Quantity['shown']): readonly Quantity[] {
  const { mean, std, interval } = shown;
  if (interval) return endsOf(shown, interval);
  return [
    { part: 'value', value: mean, shown },
    ...(std === undefined ? [] : [{ part: 'spread' as const, value: std, shown }]),
  ];
}

const endsOf = (
  shown: Quantity['shown'],
  { low, high }: NonNullable<Cell['interval']>,
): readonly Quantity[] => [
  { part: 'low', value: low, shown },
  { part: 'high', value: high, shown },
];

/** What the sentence of a difference says beside the cell. */
function numbersOfDifference({ mean, interval, unit, p, holm }: Difference): readonly Quantity[] {
  return [
    lone('difference', mean, unit),
    ...endsOf({ mean, std: undefined, interval, unit }, interval),
    lone('p', p, 'Float'),
    lone('adjusted p', holm, 'Float'),
  ];
}

/** What its sentence says by the images. */
function numbersOfImages({
  mean,
  unit,
  images,
}: Pick<Difference, 'mean' | 'unit' | 'images'>): readonly Quantity[] {
  if (images === undefined || images.none !== undefined) return [];
  const { interval, mcnemar } = images;
  return [
    ...endsOf({ mean, std: undefined, interval, unit }, interval),
    ...mcnemar.flatMap(({ exact, midP }) => [lone('p', exact, 'Float'), lone('p', midP, 'Float')]),
  ];
}

function valuesAt(
  term: Term,
  point: Point,
  over: readonly string[],
  world: World,
): readonly TracedValue[] {
  const axes = over.filter((axis) => term.dims.includes(axis));
  return [...pointsOver(axes, point, world)].flatMap((at) => {
    const traced = tracedValue(term, at, pointText(axes, at), world);
    return traced.value === undefined && traced.reads.length === 0 ? [] : [traced];
  });
}

function tracedValue(term: Term, at: Point, point: string, world: World): TracedValue {
  const { world: seen, read } = recording(world);
  const { cell } = cellAt(term, at, [], seen);
  return { point, value: cell?.mean, reads: [...read] };
}
