import { type Absent, isAbsent, type Value } from '../../plan/value.js';

/** The ends of a value that is `{low, high}`; undefined for any other. */
export function intervalOf(
  value: Value | Absent,
): { readonly low: number; readonly high: number } | undefined {
  if (isAbsent(value) || value === null || typeof value !== 'object') return undefined;
  if (value.kind !== 'record') return undefined;
  const { fields } = value;
  const [low, high] = ['low', 'high'].map(
    (name) => fields.find((field) => field.name === name)?.value,
  );
  return typeof low === 'number' && typeof high === 'number' ? { low, high } : undefined;
}
