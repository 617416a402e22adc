import { readJson } from '../../base/read-json.js';
import type { DisplayNames, StageOutcome } from '../../execute/record.js';
import { byStage, type Point } from '../points.js';
import { shownPoint } from '../shown.js';
import { type Notes, type OpenFile, readStageFile } from '../stage-file.js';
import { arrayIn, drawGrid, type Grid } from './draw-grid.js';
import { kindsOf, MAX_GRIDS } from './samples.js';

/** Some of the pairs that a stage made, before any view is drawn of them. */
export interface SheetRow extends Grid {
  readonly stage: string;
  /** What tells it from the others; without axes where all points have the same. */
  readonly point: Point;
  /** `random`, `most similar, similarity 0.98 to 0.95`. */
  readonly which: string;
}

/** `pairs=sp: random`, `found, encoder=pixels: most similar, similarity 0.98 to 0.95`. */
export function sheetLabel({ stage, point, which }: SheetRow, names: DisplayNames): string {
  const told = shownPoint(point, names);
  const of = Object.hasOwn(point, stage)
    ? told
    : [stage, told].filter((part) => part !== '').join(', ');
  return `${of}: ${which}`;
}

/**
 * The contact sheets that stages wrote: `sheet.npy`, uint8 (k, 2, h, w, 3), in the rows of `sheet.json`. One
 * for each group of points that differ in more than repetition, of its first point.
 */
export async function contactSheets(
  outcomes: readonly StageOutcome[],
  replicates: ReadonlySet<string>,
  openFile: OpenFile,
  notes: Notes,
): Promise<readonly SheetRow[]> {
  const found: SheetRow[] = [];
  for (const [stage, all] of byStage(outcomes)) {
    const kinds = kindsOf(all, 'sheet.npy', replicates);
    for (const { outcome, point } of kinds.slice(0, MAX_GRIDS)) {
      const bytes = await readStageFile(outcome, 'sheet.npy', openFile, notes);
      const described = await readStageFile(outcome, 'sheet.json', openFile, notes);
      if (!bytes || !described) continue;
      const rows = await drawRows(bytes, rowsIn(described));
      if (rows) found.push(...rows.map((row) => ({ stage, point, ...row })));
      else notes.add(`sheet.npy of ${outcome.planned.id} is not uint8 of shape (k, 2, h, w, 3)`);
    }
    const left = kinds.length - MAX_GRIDS;
    if (left > 0) notes.add(`pairs of ${left} more kinds of points of ${stage} are not shown`);
  }
  return found;
}

interface Row {
  readonly count: number;
  readonly which: string;
}

async function drawRows(
  bytes: Buffer,
  rows: readonly Row[],
): Promise<readonly (Grid & { readonly which: string })[] | undefined> {
  const array = arrayIn(bytes, 'sheet.npy');
  const [all = 0, ...shape] = array?.shape ?? [];
  if (!array || rows.reduce((sum, { count }) => sum + count, 0) !== all) return undefined;
  const size = array.data.length / all;
  const drawn: (Grid & { readonly which: string })[] = [];
  let from = 0;
  for (const { count, which } of rows) {
    const data = array.data.subarray(from * size, (from + count) * size);
    const grid = await drawGrid({ shape: [count, ...shape], data });
    if (!grid) return undefined;
    drawn.push({ ...grid, which });
    from += count;
  }
  return drawn;
}

/** The rows of `sheet.json`; none where it is something else, which its `sheet.npy` then does not fit. */
function rowsIn(bytes: Buffer): readonly Row[] {
  const read = readJson(bytes, { repeated: true });
  const rows = 'fault' in read ? undefined : field(read.value, 'rows');
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row: unknown) => {
    const [name, pairs] = [field(row, 'name'), field(row, 'pairs')];
    if (typeof name !== 'string' || !Array.isArray(pairs)) return [];
    return [{ count: pairs.length, which: `${name}${rangeOf(field(row, 'similarities'))}` }];
  });
}

/** `, similarity 0.98 to 0.95`: the highest and the lowest. */
function rangeOf(similarities: unknown): string {
  if (!Array.isArray(similarities)) return '';
  const numbers = similarities.filter((value: unknown) => typeof value === 'number');
  if (numbers.length === 0) return '';
  return `, similarity ${Math.max(...numbers).toFixed(2)} to ${Math.min(...numbers).toFixed(2)}`;
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
