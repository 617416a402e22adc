import type { Json } from '../../base/canonical.js';
import { pathsOf } from '../../plan/named-paths.js';
import type { Contents } from '../../plan/point-code.js';
import type { StageOutcome } from '../record.js';
import type { Origin, Quantity } from './origins.js';

/** A place with those of its numbers that are meant, as `ssp trace --json` tells it. */
export function originDocument(
  { kind, address, expression, at, over, values }: Origin,
  numbers: readonly Quantity[],
  printed: (number: Quantity) => string,
): Readonly<Record<string, Json>> {
  return {
    kind,
    address,
    numbers: numbers.map((number) => ({
      part: number.part,
      value: finite(number.value),
      unit: number.shown.unit,
      printed: printed(number),
    })),
    expression,
    at: { file: at.file, line: at.line, column: at.column },
    over,
    values: values().map(({ point, value, reads }) => ({ point, value: finite(value), reads })),
  };
}

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

/** A stage behind a number: all that its record keeps of it. */
export function lineageDocument(
  { planned, outcome, record, failure }: StageOutcome,
  contents: Contents,
): Readonly<Record<string, Json>> {
  const { id, stage, version, at, inputs, code } = planned;
  const { file, line, column } = at;
  const output = record?.output;
  return {
    id,
    stage,
    version,
    at: { file, line, column },
    outcome,
    key: record?.key ?? planned.key ?? null,
    inputs,
    data: dataOf(planned, contents),
    ...(code?.kind === 'command' ? { command: code.words } : {}),
    result: output
      ? {
          digest: output.digest,
          files: Object.entries(output.files).map(([name, { digest, size }]) => ({
            name,
            digest,
            size,
          })),
          metrics: { ...output.metrics },
        }
      : null,
    seconds: record?.seconds ?? null,
    finishedAt: record?.finishedAt ?? null,
    environment: { ...record?.environment },
    ...(failure ? { missing: failure.message } : {}),
  };
}

/** Files and folders that a stage names, and their digests where they are on this machine. */
export function dataOf(
  planned: StageOutcome['planned'],
  contents: Contents,
): readonly { readonly path: string; readonly kind: string; readonly digest: string | null }[] {
  return pathsOf([planned]).map(({ path, kind }) => ({
    path,
    kind,
    digest: contents(path, kind) ?? null,
  }));
}
