import { counted, verbOf } from '../../base/counted.js';
import type { Collected } from '../../execute/care/collect.js';
import type { Piece, Reason } from '../../execute/care/garbage.js';
import type { Inventory } from '../../execute/care/inventory.js';
import { bytesText } from '../../report/numbers/format-number.js';
import type { Source } from '../study/reach.js';

/** What was found in a store, and what became of it. */
export interface GcFindings {
  readonly store: string;
  readonly inventory: Inventory;
  readonly sources: readonly Source[];
  readonly garbage: readonly Piece[];
  readonly kept: Readonly<Record<Reason, number>>;
  /** None where nothing was to be removed. */
  readonly collected: Collected | undefined;
}

/** The document of `ssp gc --json`. */
export function gcDocument(found: GcFindings) {
  const { store, inventory, sources, garbage, kept, collected } = found;
  const { gone, stayed, bytes } = collected ?? { gone: garbage, stayed: [], bytes: sum(garbage) };
  return {
    version: 1,
    store,
    applied: collected !== undefined,
    before: { results: inventory.results.size, bytes: inventory.bytes },
    kept,
    files: sources.map((source) => ({
      file: source.file,
      ...extentOf(inventory, source),
      standing: source.stands.size,
      locked: source.lock.size,
      used: source.runs.size,
      notes: source.notes,
    })),
    garbage: gone.map((piece) => documentOf(piece)),
    stayed: stayed.map((piece) => documentOf(piece)),
    freed: { results: resultsIn(gone).length, bytes },
    damaged: inventory.damaged.length,
  };
}

function documentOf({ kind, key, record, usedAt, bytes }: Piece) {
  return {
    kind,
    key: key ?? null,
    id: record?.id ?? null,
    stage: record?.record.stage ?? null,
    usedAt: new Date(usedAt).toISOString(),
    bytes,
  };
}

/** What people read: the result, and remarks on it. */
export function gcText(found: GcFindings): {
  readonly lines: readonly string[];
  readonly notes: readonly string[];
} {
  const { store, inventory, sources, garbage, kept, collected } = found;
  const gone = collected?.gone ?? garbage;
  const bytes = collected?.bytes ?? sum(gone);
  const lines = [
    `${store}: ${counted(inventory.results.size, 'result')}, ${bytesText(inventory.bytes)}`,
    ...sources.map((source) => `  ${sourceText(inventory, source)}`),
    ...keptText(kept),
    gone.length === 0
      ? 'nothing goes'
      : `${collected ? 'removed' : 'would go'}: ${counted(resultsIn(gone).length, 'result')}, ${bytesText(bytes)} in all`,
    ...goneText(gone).map((line) => `  ${line}`),
  ];
  const notes = [
    ...sources.flatMap((source) => source.notes),
    ...(inventory.damaged.length > 0
      ? [
          `${counted(inventory.damaged.length, 'damaged record')}: \`ssp verify --repair\` puts them aside; content that no record names stays until then`,
        ]
      : []),
    ...(collected && collected.stayed.length > 0
      ? [`${collected.stayed.length} more stay, as somebody has begun to use them`]
      : []),
    ...(collected === undefined && gone.length > 0
      ? ['nothing was removed: `--apply` does it']
      : []),
  ];
  return { lines, notes };
}

function sourceText(inventory: Inventory, source: Source): string {
  const { results, bytes } = extentOf(inventory, source);
  const by = [
    source.stands.size > 0 ? `${source.stands.size} as it stands` : '',
    source.lock.size > 0 ? `${source.lock.size} in its lock` : '',
    source.runs.size > 0 ? `${source.runs.size} in its last runs` : '',
  ].filter((text) => text !== '');
  const named = by.length > 0 ? ` (names ${by.join(', ')})` : ' (names none)';
  return `${source.file} keeps ${counted(results, 'result')}, ${bytesText(bytes)}${named}`;
}

/** How many results of the store a file keeps, and their bytes. */
function extentOf({ results, blobs }: Inventory, { stands, lock, runs }: Source) {
  const keys = [...new Set([...stands, ...lock, ...runs])].filter((key) => results.has(key));
  const content = new Set(
    keys.flatMap((key) =>
      Object.values(results.get(key)?.record.output.files ?? {}).map(({ digest }) => digest),
    ),
  );
  const records = keys.reduce((total, key) => total + (results.get(key)?.bytes ?? 0), 0);
  const bytes = [...content].reduce(
    (total, digest) => total + (blobs.get(digest)?.bytes ?? 0),
    records,
  );
  return { results: keys.length, bytes };
}

/** Said of one result, and of several. */
const reasons: Readonly<Record<Exclude<Reason, 'reached'>, readonly [string, string]>> = {
  busy: ['a process works at it', 'a process works at them'],
  young: [
    'it is younger than the grace (`--grace`)',
    'they are younger than the grace (`--grace`)',
  ],
  used: ['it was used since (`--older-than`)', 'they were used since (`--older-than`)'],
  small: [
    'the store is small enough without it (`--max-size`)',
    'the store is small enough without them (`--max-size`)',
  ],
};

/** What stays although no file needs it. */
function keptText(kept: GcFindings['kept']): readonly string[] {
  return (Object.keys(reasons) as (keyof typeof reasons)[])
    .filter((reason) => kept[reason] > 0)
    .map((reason) => {
      const why = verbOf(kept[reason], ...reasons[reason]);
      return `  ${counted(kept[reason], 'more result')} ${verbOf(kept[reason], 'stays', 'stay')}: ${why}`;
    });
}

const others: Readonly<Record<Exclude<Piece['kind'], 'result'>, string>> = {
  unfinished: 'left by attempts: checkpoints, tasks, logs',
  epochs: 'training that kept epochs',
  content: 'file that no record names',
  aside: 'entry that was put aside, or kept by an earlier ssp',
  memo: 'digest of a file that nobody asked for in 30 days',
  run: 'run in the log, older than 30 days and than the last 100 of its file',
};

function goneText(gone: readonly Piece[]): readonly string[] {
  const lines: string[] = [];
  const byName = new Map<string, Piece[]>();
  for (const piece of resultsIn(gone)) {
    const name = piece.record?.id.split('[')[0] ?? '';
    byName.set(name, [...(byName.get(name) ?? []), piece]);
  }
  for (const [name, pieces] of byName) {
    const last = new Date(Math.max(...pieces.map(({ usedAt }) => usedAt))).toISOString();
    const what = `${counted(pieces.length, 'result')}, ${bytesText(sum(pieces))}`;
    lines.push(`${name}: ${what}, used last on ${last.slice(0, 10)}`);
  }
  for (const [kind, text] of Object.entries(others)) {
    const pieces = gone.filter((piece) => piece.kind === kind);
    if (pieces.length === 0) continue;
    lines.push(`${pieces.length} × ${text}, ${bytesText(sum(pieces))}`);
  }
  return lines;
}

const resultsIn = (pieces: readonly Piece[]): readonly Piece[] =>
  pieces.filter(({ kind }) => kind === 'result');

const sum = (pieces: readonly Piece[]): number =>
  pieces.reduce((total, { bytes }) => total + bytes, 0);
