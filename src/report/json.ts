import type { Json } from '../base/canonical.js';
import { tableDocument } from '../execute/findings/table-document.js';
import type { Cell } from '../execute/record.js';
import type { ReportContent } from './content.js';

/** The report for programs; its shape is published as `grammar/schema/report.json`. Numbers that are not finite are null. */
export function reportJson(content: ReportContent, files: readonly string[]): string {
  const { input } = content;
  const document: Json = {
    version: 1,
    title: content.headline,
    file: input.file,
    tables: content.tables.map(({ table }) => ({
      name: table.name,
      doc: table.doc ?? null,
      ...tableDocument(table),
      cells: table.cells.map((row) => row.map(cellJson)),
    })),
    expectations: input.findings.expectations.map((expectation) => ({
      text: expectation.text,
      doc: expectation.doc ?? null,
      holds: expectation.holds ?? null,
      points: expectation.points,
      failing: expectation.failing,
      unit: expectation.unit ?? null,
      sides: expectation.sides.map((side) => ({
        point: side.point,
        left: finite(side.left),
        right: finite(side.right),
        leftStd: finite(side.leftStd),
        rightStd: finite(side.rightStd),
      })),
    })),
    comparisons: input.findings.comparisons.map((comparison) => ({
      source: comparison.source,
      text: comparison.text,
      published: finite(comparison.published),
      ours: cellJson(comparison.ours),
    })),
    stages: input.outcomes.map(({ planned, outcome, seconds, record, failure }) => ({
      id: planned.id,
      name: planned.name,
      stage: planned.stage,
      version: planned.version,
      point: planned.point,
      key: planned.key ?? null,
      outcome,
      seconds: finite(seconds),
      metrics: Object.fromEntries(
        Object.entries(record?.output.metrics ?? {}).map(([name, v]) => [name, finite(v)]),
      ),
      ...(record?.remarks ? { remarks: record.remarks } : {}),
      ...(record?.facts ? { facts: record.facts } : {}),
      failure: failure ? { code: failure.code, message: failure.message } : null,
    })),
    computeSeconds: finite(content.computeSeconds),
    finishedAt: content.finishedAt ?? null,
    names: { ...input.findings.names },
    licences: Object.fromEntries(content.licences),
    environment: Object.fromEntries(content.environment),
    notes: content.notes,
    files: [...files].sort(),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function cellJson(cell: Cell | undefined): Json {
  if (!cell) return null;
  return {
    mean: finite(cell.mean),
    std: finite(cell.std),
    count: cell.count,
    ...(cell.pending === undefined ? {} : { pending: cell.pending }),
    ...(cell.invalid === undefined ? {} : { invalid: cell.invalid }),
    ...(cell.interval ? { interval: [finite(cell.interval.low), finite(cell.interval.high)] } : {}),
    ...(cell.text === undefined ? {} : { text: cell.text }),
    values: cell.values.map(finite),
    points: cell.points ?? null,
    unit: cell.unit,
  };
}

function finite(value: number | null | undefined): number | null {
  return value === undefined || value === null || !Number.isFinite(value) ? null : value;
}
