import type { Json } from '../../base/canonical.js';
import { stageDocument } from '../../plan/plan-document.js';
import type { Cell, Findings, StageOutcome } from '../record.js';
import { tableDocument } from './table-document.js';

/** The document of `ssp run --json`; its shape is published as `grammar/schema/run.json`. */
export function runDocument(
  file: string,
  outcomes: readonly StageOutcome[],
  findings: Findings,
): Json {
  const counts = { hit: 0, ran: 0, failed: 0, skipped: 0, locked: 0, dropped: 0 };
  for (const { outcome } of outcomes) counts[outcome] += 1;
  // Only `show` has results of a lock, and only halving drops.
  const { locked, dropped, ...always } = counts;
  const summary = {
    ...always,
    ...(locked > 0 ? { locked } : {}),
    ...(dropped > 0 ? { dropped } : {}),
  };
  return {
    version: 1,
    file,
    stages: outcomes.map(outcomeDocument),
    summary,
    expectations: findings.expectations.map(({ text, holds, points, failing }) => ({
      text,
      holds: holds ?? null,
      points,
      failing,
    })),
    tables: findings.tables.map((table) => ({
      ...tableDocument(table),
      cells: table.cells.map((row) => row.map(cellDocument)),
    })),
    references: findings.comparisons.map(({ source, text, published, ours }) => ({
      source,
      text,
      published,
      ours: cellDocument(ours),
    })),
  };
}

function outcomeDocument({ planned, outcome, seconds, record, failure }: StageOutcome): Json {
  return {
    ...stageDocument(planned),
    outcome,
    seconds,
    metrics: { ...record?.output.metrics },
    ...(record ? { digest: record.output.digest } : {}),
    ...(record?.remarks ? { remarks: record.remarks } : {}),
    ...(record?.facts ? { facts: record.facts } : {}),
    ...(failure ? { failure: { ...failure } } : {}),
  };
}

function cellDocument(cell: Cell | undefined): Json {
  if (!cell) return null;
  const { mean, std, count, values, unit, invalid, interval, text } = cell;
  const none = invalid === undefined ? {} : { invalid };
  const centre = Number.isFinite(mean) ? mean : null;
  const ends = interval ? { interval: [interval.low, interval.high] } : {};
  const words = text === undefined ? {} : { text };
  return { mean: centre, std: std ?? null, count, ...none, ...ends, ...words, values, unit };
}
