import { digestOf, type Json } from '../base/canonical.js';
import { Bug, invariant } from '../base/errors.js';
import { own } from '../base/own.js';
import { secretIn } from '../base/secret.js';
import type { Metrics } from './metrics.js';
import type { Change, KeyRecord, NumericClass, StagePoint } from './plan.js';
import { type Content, type Contents, codeInKey, type Seen } from './point-code.js';

/** What a key needs to know of an input: an output of the store has it. */
export interface InputResult {
  readonly type: string;
  readonly digest: string;
  readonly metrics: Metrics;
}

export interface Keyed {
  readonly key: string;
  readonly record: KeyRecord;
}

/** A point on a machine that may not have its data. */
export interface PerhapsKeyed {
  /** None where something is unseen. */
  readonly key: string | undefined;
  /** Of what is unseen it has a mark. */
  readonly record: KeyRecord;
  /** Paths of files and folders that cannot be read here. */
  readonly unseen: readonly string[];
}

/** Stands in a record for what this machine does not know: a content, or a variable. */
const UNSEEN: Json = Object.freeze({ unseen: true });

/** Is a known record the one that this would be, if what is unseen were what it is there? */
export function agrees(record: KeyRecord, known: KeyRecord): boolean {
  return alike(record as unknown as Json, known as unknown as Json); // plain data by their type
}

/** Is one side of a change not known on this machine? */
export function isUnseen({ before, after }: Pick<Change, 'before' | 'after'>): boolean {
  return [before, after].some((value) => value !== undefined && hasUnseen(value));
}

function hasUnseen(value: Json): boolean {
  if (value === UNSEEN) return true;
  return value !== null && typeof value === 'object' && Object.values(value).some(hasUnseen);
}

function alike(a: Json, b: Json): boolean {
  if (a === UNSEEN) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  if (left.size !== right.size) return false;
  return [...left].every(([name, value]) => {
    const other = right.get(name);
    return other !== undefined && alike(value, other);
  });
}

/** The digest of a key record. */
export function digestOfRecord(record: KeyRecord): string {
  return digestOf('ssp-key/1', record as unknown as Json); // a KeyRecord is plain data by its type
}

/**
 * The key of a point whose inputs and files are there, and the record that it is the digest of. `numeric`
 * (the device, the precision that `auto` means on it, and whether training is op by op) enters only the keys of stages that compute
 * with tensors; `seen` what is otherwise now than beside an earlier result.
 */
export function keyOf(
  point: StagePoint,
  inputs: (id: string) => InputResult,
  contents: Contents,
  numeric: NumericClass,
  seen: Seen = {},
): Keyed {
  const { key, record } = keyIfSeen(point, inputs, contents, numeric, seen);
  invariant(key !== undefined, `\`${point.id}\` has all that it needs for a key`);
  return { key, record };
}

/** The same where files may be elsewhere and variables unset. */
export function keyIfSeen(
  point: StagePoint,
  inputs: (id: string) => InputResult,
  contents: Contents,
  numeric: NumericClass,
  seen: Seen = {},
): PerhapsKeyed {
  const unseen = new Set<string>();
  const content: Content = (path, kind) => {
    const digest = contents(path, kind);
    if (digest === undefined) unseen.add(path);
    return digest ?? UNSEEN;
  };
  const params = fieldsOf(point.params, (value) => withDigests(value, point, inputs, content));
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
    ...(point.code ? { code: codeInKey(point.code, content, seen) } : {}),
  };
  const whole = unseen.size === 0 && point.unset.length === 0;
  return { key: whole ? digestOfRecord(record) : undefined, record, unseen: [...unseen] };
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
  content: Content,
): Json {
  if (value === null || typeof value !== 'object') return value;
  const inside = (v: Json): Json => withDigests(v, point, inputs, content);
  if (Array.isArray(value)) return value.map(inside);
  const record = value as Tagged;
  if ('input' in record) return { artifact: inputs(String(record.input)).digest };
  if ('metric' in record) return metricOf(record.metric as readonly string[], inputs);
  if ('file' in record) return { file: content(String(record.file), 'file') };
  if ('folder' in record) return { folder: content(String(record.folder), 'folder') };
  if ('env' in record) {
    const secret = secretIn(record);
    return secret ? { env: { secret: secret.digest } } : UNSEEN;
  }
  // The arguments of a description are parameters: their names are no tags.
  if ('describe' in record) {
    const args = fieldsOf(record.args as Tagged, inside);
    return { ...record, ...moduleInKey(record.module, point), args };
  }
  if ('record' in record) return { record: fieldsOf(record.record as Tagged, inside) };
  return fieldsOf(record, inside);
}

/** The module that makes a description, by its place in the code of the point, which has its content. */
function moduleInKey(module: Json | undefined, { code }: StagePoint): { readonly module?: number } {
  if (module === undefined || code === undefined || code.kind === 'command') return {};
  return { module: (code.values ?? []).indexOf(String((module as Tagged).file)) };
}

function fieldsOf(record: Tagged, inside: (value: Json) => Json): Tagged {
  return Object.fromEntries(Object.entries(record).map(([name, field]) => [name, inside(field)]));
}

function metricOf(metric: readonly string[], inputs: (id: string) => InputResult): Json {
  const [id = '', field = ''] = metric;
  const value = own(inputs(id).metrics, field);
  if (value === undefined) throw new Bug(`\`${id}\` has no metric \`${field}\``);
  return value;
}
