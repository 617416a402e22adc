import type { Program, Term } from '../../language/program.js';
import { evaluate, type World } from '../../plan/evaluate.js';
import type { Point } from '../../plan/plan.js';
import type { Published } from '../record.js';
import { unitOf } from './unit-of.js';

/** Finds what was published of the cell of a value at a point: the first reference of the same metric there. */
export type FindPublished = (
  value: Term,
  point: Point,
) => Omit<Published, 'row' | 'column'> | undefined;

/** What the references of a program say, by which metric of which stage and where. */
export function publishedIn(
  { references }: Pick<Program, 'references'>,
  world: World,
): FindPublished {
  const known = new Map<string, ReturnType<FindPublished>>();
  for (const { source, entries } of references) {
    for (const { target, value } of entries) {
      const key = keyOf(target, {});
      const published = evaluate(value, {}, world);
      if (key === undefined || typeof published !== 'number' || known.has(key)) continue;
      known.set(key, { source, value: published, unit: unitOf(target.type) });
    }
  }
  return (value, point) => {
    if (known.size === 0) return undefined;
    const key = keyOf(value, point);
    return key === undefined ? undefined : known.get(key);
  };
}

/**
 * The metric of a stage at the labels that slices and a point fix, what is left over being averaged; a
 * difference or another calculation of such. None of anything else.
 */
function keyOf(term: Term, point: Point): string | undefined {
  switch (term.kind) {
    case 'stage': {
      const fixed = term.dims.flatMap((axis) => (axis in point ? [[axis, point[axis]]] : []));
      return JSON.stringify([term.stage, fixed]);
    }
    case 'member':
      return joined(`.${term.name}`, [keyOf(term.of, point)]);
    case 'slice':
      return term.set ? undefined : keyOf(term.of, { ...point, [term.axis]: term.labels[0] ?? '' });
    case 'binary':
      return joined(term.operator, [keyOf(term.left, point), keyOf(term.right, point)]);
    default:
      return undefined;
  }
}

function joined(of: string, parts: readonly (string | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : JSON.stringify([of, ...parts]);
}

/** What was published of the cells of a table. */
export function publishedCells(
  rows: readonly Point[],
  columns: readonly { readonly point: Point; readonly value: Term }[],
  find: FindPublished,
): readonly Published[] {
  return rows.flatMap((at, row) =>
    columns.flatMap(({ point, value }, column) => {
      const found = find(value, { ...at, ...point });
      return found ? [{ row, column, ...found }] : [];
    }),
  );
}
