import type { History, StageOutcome, StageResult, Watched } from '../execute/record.js';
import { byStage } from './points.js';
import { type Notes, type OpenFile, readStageFile } from './stage-file.js';

/** How the points of one train stage went. */
export interface Training {
  readonly stage: string;
  readonly runs: readonly Run[];
}

/** How one point went. */
export interface Run {
  readonly outcome: StageOutcome;
  readonly history: History;
  /** What its numbers mean, where that is known; the most telling first. Of another method one of the same name means something else. */
  readonly signs: Watched['signs'];
}

/** Reads `history.json` of every stage that wrote one. */
export async function readTrainings(
  outcomes: readonly StageOutcome[],
  openFile: OpenFile,
  notes: Notes,
): Promise<readonly Training[]> {
  const trainings: Training[] = [];
  for (const [stage, all] of byStage(outcomes)) {
    const runs: Run[] = [];
    for (const outcome of all) {
      const bytes = await readStageFile(outcome, 'history.json', openFile, notes);
      if (!bytes) continue;
      const history = parseHistory(bytes.toString('utf8'));
      const signs = outcome.record?.watched?.signs ?? {};
      if (history) runs.push({ outcome, history: withBeside(history, outcome), signs });
      else
        notes.add(`history.json of ${outcome.planned.id} is not a history: expected {"rows": […]}`);
    }
    if (runs.length === 0) continue;
    trainings.push({ stage, runs });
  }
  return trainings;
}

/** A history with the numbers that are kept beside the result, epoch by epoch. */
export function withBeside(
  { rows }: History,
  { record }: { readonly record: Pick<StageResult, 'watched'> | undefined },
): History {
  const beside = new Map(record?.watched?.rows?.map((row) => [row.epoch, numbersOf(row)]));
  return { rows: rows.map((row) => ({ ...row, ...beside.get(row.epoch) })) };
}

/** The entries of a row that are numbers. */
const numbersOf = (row: object): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(row).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );

/** A history from its text; undefined if it is something else. Entries that are no numbers are left out. */
export function parseHistory(text: string): History | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('rows' in value)) return undefined;
  if (!Array.isArray(value.rows)) return undefined;
  const rows: Record<string, number>[] = [];
  for (const row of value.rows as readonly unknown[]) {
    if (typeof row !== 'object' || row === null) return undefined;
    rows.push(numbersOf(row));
  }
  return { rows };
}
