import type { Json } from '../../base/canonical.js';
import type { Origin, Quantity } from './origins.js';
import type { TracedStage } from './traced-stage.js';

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
    values: values.map(({ point, value, reads }) => ({ point, value: finite(value), reads })),
  };
}

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

/** A stage behind a number: all that its record keeps of it. */
export function lineageDocument(traced: TracedStage): Readonly<Record<string, Json>> {
  const { id, stage, version, at, outcome, key, inputs, data, command, record, missing } = traced;
  const { file, line, column } = at;
  const output = record?.output;
  return {
    id,
    stage,
    version,
    at: { file, line, column },
    outcome,
    key: key ?? null,
    inputs,
    data: data.map((named) => ({ ...named })),
    ...(command ? { command } : {}),
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
    ...(missing === undefined ? {} : { missing }),
  };
}
