import type { Json } from '../base/canonical.js';
import type { SourceFile } from '../base/source.js';
import { worked } from '../execute/findings/worked.js';
import type { Findings, StageOutcome } from '../execute/record.js';
import type { Figure } from './charts/charts.js';
import { lossFigures } from './charts/loss-figure.js';
import { tableFigure } from './charts/table-figure.js';
import { type BoxedRow, boxedPictures } from './detections/boxed-pictures.js';
import { precisionRecallFigures } from './detections/precision-recall.js';
import { fileSlug } from './escape.js';
import { factsOf, type ResultFacts } from './facts.js';
import { readTrainings } from './history.js';
import { drawMaps, type PageMaps } from './maps/draw-maps.js';
import { readMaps } from './maps/map-files.js';
import { bytesText } from './numbers/format-number.js';
import { contactSheets, type SheetRow } from './pairs/contact-sheets.js';
import { type SampleGrid, sampleGrids } from './pairs/samples.js';
import { onePerKey, pointText, replicateAxes } from './points.js';
import type { Remark } from './remark.js';
import { remarksOf } from './remarks.js';
import { shownTable } from './shown.js';
import { newNotes, type OpenFile } from './stage-file.js';
import { axesOf, bestCells } from './tables/best-cells.js';
import { type Emphasis, type ReadableTable, readTable } from './tables/table-reading.js';

/** What a report is made of. */
export interface ReportInput {
  /** The file's doc comment (Markdown; its first line becomes the headline), or its name. */
  readonly title: string;
  /** The pipeline's file, as people know it. */
  readonly file: string;
  /** Its text, and those that it imports. */
  readonly texts: readonly Pick<SourceFile, 'path' | 'text'>[];
  readonly findings: Findings;
  readonly outcomes: readonly StageOutcome[];
  /** What to say of where the results come from. */
  readonly sources?: readonly string[];
  /** Of this machine: versions, device, threads. */
  readonly environment: Readonly<Record<string, Json>>;
  /** Where an output file of a stage lies, as an absolute path. */
  readonly openFile: OpenFile;
}

/** A table with all that a page needs to set it. */
export interface ReportTable extends ReadableTable {
  readonly best: readonly (readonly boolean[])[];
  readonly emphasis: Emphasis;
  /** File name without extension, and anchor. */
  readonly slug: string;
  readonly figure: Figure | undefined;
}

/** Everything that a report says, before it becomes a page, Markdown or JSON. */
export interface ReportContent {
  readonly input: ReportInput;
  readonly headline: string;
  /** Markdown after the headline; may be empty. */
  readonly lead: string;
  readonly tables: readonly ReportTable[];
  readonly curves: readonly Figure[];
  /** How well detectors find objects. */
  readonly precisionRecall: readonly Figure[];
  /** Images with boxes around what they found. */
  readonly boxed: readonly (BoxedRow & { readonly slug: string })[];
  readonly grids: readonly (SampleGrid & { readonly slug: string })[];
  /** Some of the pairs that stages made. */
  readonly sheets: readonly (SheetRow & { readonly slug: string })[];
  readonly maps: PageMaps;
  /** What is licensed → under which licence. */
  readonly licences: readonly (readonly [string, string])[];
  readonly environment: readonly (readonly [string, string])[];
  readonly counts: Readonly<Record<StageOutcome['outcome'], number>>;
  /** Seconds of work behind all results, each key once, whoever did it. */
  readonly computeSeconds: number;
  /** What the stages remarked on their results. */
  readonly remarks: readonly Remark[];
  /** What is in the results. */
  readonly facts: readonly ResultFacts[];
  /** When the newest result was finished; none without results. */
  readonly finishedAt: string | undefined;
  /** What could not be shown, and why. */
  readonly notes: readonly string[];
}

/** Reads the files of the stages, draws the figures, and gathers what the report says. */
export async function gatherContent(input: ReportInput): Promise<ReportContent> {
  const { findings, outcomes, openFile } = input;
  const notes = newNotes();
  for (const source of input.sources ?? []) notes.add(source);
  for (const note of withoutFiles(outcomes)) notes.add(note);
  const taken = new Set(['all-points']);
  const replicates = replicateAxes(findings.tables);
  const axes = axesOf(outcomes);
  const tables: ReportTable[] = [];
  for (const table of findings.tables) {
    const slug = fileSlug(table.name, taken);
    const reading = readTable(table);
    const shown = shownTable(table, findings.names);
    const figure = await tableFigure({ table, shown, reading }, slug);
    tables.push({ table, shown, reading, slug, figure, ...bestCells(table, reading, axes) });
  }
  // What an encoder on the way of a training would show, the training shows.
  const drawn = outcomes.filter(({ planned }) => planned.epoch === undefined);
  const curves: Figure[] = [];
  for (const training of await readTrainings(drawn, openFile, notes)) {
    curves.push(
      ...(await lossFigures(training, replicates, findings.names, (text) => fileSlug(text, taken))),
    );
  }
  const precisionRecall = await precisionRecallFigures(
    outcomes,
    replicates,
    findings.names,
    (text) => fileSlug(text, taken),
    { openFile, notes },
  );
  const boxed = (await boxedPictures(outcomes, replicates, openFile, notes)).map((row) => ({
    ...row,
    slug: fileSlug(`${row.stage} ${row.name} ${pointText(row.point)}`, taken),
  }));
  const grids = (await sampleGrids(drawn, replicates, openFile, notes)).map((grid) => ({
    ...grid,
    slug: fileSlug(`samples ${grid.stage} ${pointText(grid.point)}`, taken),
  }));
  const sheets = (await contactSheets(outcomes, replicates, openFile, notes)).map((row) => ({
    ...row,
    slug: fileSlug(
      `pairs ${row.stage} ${pointText(row.point)} ${row.which.replace(/,.*/, '')}`,
      taken,
    ),
  }));
  const maps = await drawMaps(await readMaps(drawn, replicates, openFile, notes), {
    names: findings.names,
    fileName: (text) => fileSlug(text, taken),
  });
  const records = onePerKey(outcomes).flatMap(({ record }) => (record ? [record] : []));
  const madeWith = environmentOf([...records.map((r) => r.environment), input.environment]);
  const [first = '', ...rest] = input.title.trim().split('\n');
  const counts = { hit: 0, ran: 0, failed: 0, skipped: 0, locked: 0, dropped: 0 };
  for (const { outcome } of outcomes) counts[outcome]++;
  return {
    input,
    headline: first.replace(/^#+\s*/, '').trim() || input.file,
    lead: rest.join('\n').trim(),
    tables,
    curves,
    precisionRecall,
    boxed,
    grids,
    sheets,
    maps,
    ...madeWith,
    counts,
    computeSeconds: worked(outcomes).reduce((sum, { record }) => sum + (record?.seconds ?? 0), 0),
    remarks: remarksOf(outcomes),
    facts: factsOf(outcomes),
    finishedAt: records
      .flatMap((r) => r.finishedAt ?? [])
      .sort()
      .at(-1),
    notes: notes.all(),
  };
}

/** What is not drawn since only a lock knows of the stages: it has no files. */
function withoutFiles(outcomes: readonly StageOutcome[]): readonly string[] {
  const names = new Set(
    outcomes.flatMap(({ outcome, planned }) =>
      outcome === 'locked' && planned.result !== 'Metrics' ? [planned.name] : [],
    ),
  );
  if (names.size === 0) return [];
  return [
    `the files of ${[...names].join(', ')} are not in the store: no figures of them are drawn`,
  ];
}

/** `2 stages failed and 5 were skipped: results are incomplete.` Empty when all is done. */
export function unfinishedText(content: ReportContent): string {
  const { failed, skipped } = content.counts;
  const parts = [
    ...(failed > 0 ? [`${failed} ${failed === 1 ? 'stage' : 'stages'} failed`] : []),
    ...(skipped > 0 ? [`${skipped} ${skipped === 1 ? 'was' : 'were'} skipped`] : []),
  ];
  return parts.length === 0 ? '' : `${parts.join(' and ')}: results are incomplete.`;
}

/** Licences (`licence NAME`) apart from the rest; a fact that differs between results lists its values. */
function environmentOf(
  environments: readonly Readonly<Record<string, Json>>[],
): Pick<ReportContent, 'licences' | 'environment'> {
  const facts = new Map<string, Set<string>>();
  for (const [name, value] of environments.flatMap(flat)) {
    facts.set(name, (facts.get(name) ?? new Set()).add(value));
  }
  const rows = [...facts].map(([name, values]) => [name, [...values].join(' · ')] as const);
  const licence = /^licen[cs]e[ .:]+/i;
  return {
    licences: rows
      .filter(([name]) => licence.test(name))
      .map(([name, value]) => [name.replace(licence, ''), value] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
    environment: rows.filter(([name]) => !licence.test(name)),
  };
}

/** The environment for people: memory is stored in bytes. */
export function shownEnvironment({
  environment,
}: Pick<ReportContent, 'environment'>): ReportContent['environment'] {
  return environment.map(([name, value]) =>
    name === 'memory'
      ? [name, value.replace(/\d+/g, (bytes) => bytesText(Number(bytes)))]
      : [name, value],
  );
}

function flat(environment: Readonly<Record<string, Json>>): readonly (readonly [string, string])[] {
  const rows: (readonly [string, string])[] = [];
  const visit = (name: string, value: Json) => {
    if (value === null || typeof value !== 'object') rows.push([name, String(value)]);
    else if (Array.isArray(value))
      rows.push([name, value.map((v) => JSON.stringify(v)).join(', ')]);
    else for (const [key, inner] of Object.entries(value)) visit(`${name}.${key}`, inner);
  };
  for (const [name, value] of Object.entries(environment)) visit(name, value);
  return rows;
}
