import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SspError, systemCode } from '../base/errors.js';
import { makeFolder } from '../base/files/make-folder.js';
import { vegaLite } from './charts/charts.js';
import { figureFile } from './charts/figure-file.js';
import { gatherContent, type ReportInput } from './content.js';
import { boxesFile } from './detections/boxes-file.js';
import { detectorLabel, rowNote, rowTitle } from './detections/said-of-boxes.js';
import { reportJson } from './json.js';
import { latexDocument } from './latex/latex-document.js';
import { latexTable } from './latex/latex-table.js';
import { mapCsv, mapFile } from './maps/map-figure.js';
import { FIGURES, reportMarkdown, TABLES } from './markdown.js';
import { reportPage } from './page/page.js';
import { aggregatedCsv, curveCsv, curveJson, pointsCsv, valuesCsv } from './tables/csv.js';

/** What was written, and what could not be shown. */
export interface WrittenReport {
  /** Relative to the folder, sorted. */
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Writes a report: `index.html` (one self-contained page), `report.md`, `report.tex`, `report.json`,
 * `tables/*.csv` and `*.tex`, `figures/*.svg` and `*.png`, beside them what they were drawn from. The same results give the same bytes. Tables and figures of an earlier
 * report in the folder that are not in this one are removed; other files are left alone. Throws an
 * SspError where the folder cannot be written.
 */
export async function writeReport(folder: string, input: ReportInput): Promise<WrittenReport> {
  const content = await gatherContent(input);
  const files = new Map<string, string | Buffer>();
  for (const item of content.tables) {
    const { table, slug, figure } = item;
    files.set(`${TABLES}/${slug}.csv`, aggregatedCsv(table));
    files.set(`${TABLES}/${slug}.values.csv`, valuesCsv(table));
    files.set(`${TABLES}/${slug}.tex`, latexTable(item));
    if (figure) {
      files.set(`${FIGURES}/${slug}.svg`, figureFile(figure));
      files.set(`${FIGURES}/${slug}.vl.json`, vegaLite(figure));
    }
  }
  for (const figure of [...content.curves, ...content.precisionRecall]) {
    files.set(`${FIGURES}/${figure.name}.svg`, figureFile(figure));
    files.set(`${FIGURES}/${figure.name}.vl.json`, vegaLite(figure));
    if (!figure.data) continue;
    files.set(`${FIGURES}/${figure.name}.csv`, curveCsv(figure.data));
    files.set(`${FIGURES}/${figure.name}.json`, curveJson(figure.data));
  }
  for (const row of content.boxed) {
    if (row.pictures.length === 0) continue;
    const title = `${detectorLabel(row, input.findings.names)}, ${rowTitle(row)}`;
    files.set(`${FIGURES}/${row.slug}.svg`, boxesFile(row, title, rowNote));
  }
  for (const { figure } of content.maps.maps) {
    files.set(`${FIGURES}/${figure.name}.svg`, mapFile(figure));
    files.set(`${FIGURES}/${figure.name}.csv`, mapCsv(figure));
  }
  for (const picture of [...content.sheets, ...content.grids]) {
    files.set(`${FIGURES}/${picture.slug}.png`, picture.png);
  }
  files.set(`${TABLES}/all-points.csv`, pointsCsv(input.outcomes));
  files.set('report.md', reportMarkdown(content));
  const tables = content.tables.map(({ slug }) => `${TABLES}/${slug}`);
  const shown = tables.length + input.findings.comparisons.length;
  if (shown > 0) files.set('report.tex', latexDocument(content, tables));
  files.set('index.html', reportPage(content));
  files.set('report.json', reportJson(content, [...files.keys(), 'report.json']));
  try {
    await removeStale(folder, files);
    for (const [name, data] of files) {
      const path = join(folder, name);
      makeFolder(dirname(path));
      await writeFile(path, data);
    }
  } catch (error) {
    const why = systemCode(error) ?? String(error);
    throw new SspError('report-not-written', `cannot write the report into ${folder}: ${why}`, {
      help: 'Name a folder that can be written with -o DIR.',
      cause: error,
    });
  }
  return { files: [...files.keys()].sort(), notes: content.notes };
}

/** Removes what the report that lies there lists and this one does not have. */
async function removeStale(folder: string, files: ReadonlyMap<string, unknown>): Promise<void> {
  let listed: unknown;
  try {
    listed = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'));
  } catch {
    return; // No report of ours lies there, so nothing is ours to remove.
  }
  if (typeof listed !== 'object' || listed === null || !('files' in listed)) return;
  if (!Array.isArray(listed.files)) return;
  for (const name of listed.files as readonly unknown[]) {
    if (typeof name !== 'string' || files.has(name)) continue;
    if (/^((tables|figures)\/[\w-]+(\.[\w-]+)*\.(csv|json|tex|svg|png)|report\.tex)$/.test(name)) {
      await rm(join(folder, name), { force: true });
    }
  }
}
