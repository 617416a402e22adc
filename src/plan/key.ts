import { digestOf, type Json } from '../base/canonical.js';
import { Bug, invariant, SspError } from '../base/errors.js';
import { apply } from './apply.js';
import type { Metrics } from './metrics.js';
import type { KeyRecord, NumericClass, StagePoint } from './plan.js';
import { codeInKey } from './point-code.js';
import { fromJson, isAbsent, plain, type Value } from './value.js';

/** What a key needs to know of an input: an output of the store has it. */
export interface InputResult {
  readonly type: string;
  readonly digest: string;
  readonly metrics: Metrics;
}

/** The digest of a file or folder. */
export type Contents = (path: string, kind: 'file' | 'folder') => string;

export interface Keyed {
  readonly key: string;
  readonly record: KeyRecord;
}

/** The digest of a key record. */
export function digestOfRecord(record: KeyRecord): string {
  return digestOf('ssp-key/1', record as unknown as Json); // a KeyRecord is plain data by its type
}

/**
 * The key of a point whose inputs are there, and the record that it is the digest of. `numeric`
 * (the device, the precision that `auto` means on it, and whether training is op by op) enters only the keys of stages that compute
 * with tensors.
 */
export function keyOf(
  point: StagePoint,
  inputs: (id: string) => InputResult,
  contents: Contents,
  numeric: NumericClass,
): Keyed {
  invariant(point.unset.length === 0, `\`${point.id}\` waits for ${point.unset.join(', ')}`);
  const params: Record<string, Json> = {};
  for (const [name, value] of Object.entries(point.params)) {
    params[name] = withDigests(value, point, inputs, contents);
  }
  const computes =
    point.result === 'Encoder' ||
    point.result === 'Metrics' ||
    point.inputs.some((id) => inputs(id).type === 'Encoder');
  const record: KeyRecord = {
    format: 'ssp-key/1',
    stage: point.stage,
    version: point.version,
    ...numbersOf(point, params, numeric),
    ...(computes ? {} : { numeric: null }),
    ...(point.code ? { code: codeInKey(point.code, contents) } : {}),
  };
  return { key: digestOfRecord(record), record };
}

/**
 * The class of a stage's numbers: float32 unless its `precision` says otherwise. `auto` stands in the
 * key as what it means here, so that the key differs only where the arithmetic does.
 */
function numbersOf(
  { code }: StagePoint,
  params: Readonly<Record<string, Json>>,
  { precision: best, ...machine }: NumericClass,
): Pick<KeyRecord, 'params' | 'numeric'> {
  // A stage of the user's own means by it what it likes.
  const wanted = code === undefined ? params.precision : undefined;
  if (wanted === 'auto') {
    return { params: { ...params, precision: best }, numeric: { ...machine, precision: best } };
  }
  return { params, numeric: { ...machine, precision: wanted === 'bf16' ? 'bf16' : 'fp32' } };
}

type Tagged = Readonly<Record<string, Json>>;

function withDigests(
  value: Json,
  point: StagePoint,
  inputs: (id: string) => InputResult,
  contents: Contents,
): Json {
  if (value === null || typeof value !== 'object') return value;
  const inside = (v: Json): Json => withDigests(v, point, inputs, contents);
  if (Array.isArray(value)) return value.map(inside);
  const record = value as Tagged;
  if ('input' in record) return { artifact: inputs(String(record.input)).digest };
  if ('metric' in record) return metricOf(record.metric as readonly string[], inputs);
  if ('compute' in record) {
    const of = (record.of as readonly Json[]).map((v) => fromJson(inside(v)));
    return computed(String(record.compute), of, point);
  }
  if ('file' in record) return { file: contents(String(record.file), 'file') };
  if ('folder' in record) return { folder: contents(String(record.folder), 'folder') };
  // The arguments of a description are parameters: their names are no tags.
  if ('describe' in record) return { ...record, args: fieldsOf(record.args as Tagged, inside) };
  if ('record' in record) return { record: fieldsOf(record.record as Tagged, inside) };
  return fieldsOf(record, inside);
}

function fieldsOf(record: Tagged, inside: (value: Json) => Json): Json {
  return Object.fromEntries(Object.entries(record).map(([name, field]) => [name, inside(field)]));
}

function metricOf(metric: readonly string[], inputs: (id: string) => InputResult): Json {
  const [id = '', field = ''] = metric;
  const value = inputs(id).metrics[field];
  if (value === undefined) throw new Bug(`\`${id}\` has no metric \`${field}\``);
  return value;
}

function computed(operator: string, of: readonly Value[], point: StagePoint): Json {
  const value = apply(operator, of);
  const json = isAbsent(value) ? Number.NaN : plain(value);
  if (typeof json === 'number' && !Number.isFinite(json)) {
    throw new SspError(
      'not-a-number',
      `a parameter of \`${point.id}\` is computed from results (\`${operator}\`) and has no finite value`,
    );
  }
  return json;
}
