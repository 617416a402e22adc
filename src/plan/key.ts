import { digestOf, type Json } from '../base/canonical.js';
import { Bug, invariant } from '../base/errors.js';
import { fieldsOf } from '../base/fields.js';
import { own } from '../base/own.js';
import type { Metrics } from './metrics.js';
import type { Change, KeyRecord, NumericClass, StagePoint } from './plan.js';
import { type Content, type Contents, codeInKey, type Seen } from './point-code.js';
import { replaced, type Stand } from './tagged.js';

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

/** The key of the training that a record is of, or of whose way it is. */
export function keyOfTraining({ epoch: _, ...record }: KeyRecord): string {
  return digestOfRecord(record);
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
  const stand = standOf(point, inputs, content);
  const params = Object.fromEntries(
    Object.entries(point.params).map(([name, value]) => [name, replaced(value, stand)]),
  );
  const record: KeyRecord = {
    format: 'ssp-key/1',
    stage: point.stage,
    version: point.version,
    ...numbersOf(point, params, numeric),
    ...(computes(point, (id) => inputs(id).type) ? {} : { numeric: null }),
    ...(point.epoch === undefined ? {} : { epoch: point.epoch }),
    ...(point.code ? { code: codeInKey(point.code, content, seen) } : {}),
  };
  const whole = unseen.size === 0 && point.unset.length === 0;
  return { key: whole ? digestOfRecord(record) : undefined, record, unseen: [...unseen] };
}

/** Is a stage one that computes with tensors? `typeOf` says of what type the result of an input is. */
export const computes = (
  { result, inputs }: Pick<StagePoint, 'result' | 'inputs'>,
  typeOf: (id: string) => string | undefined,
): boolean =>
  ['Encoder', 'Features', 'Metrics'].includes(result) ||
  inputs.some((id) => typeOf(id) === 'Encoder');

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

/** What stands in a key for what a parameter names. */
function standOf(
  { code }: StagePoint,
  inputs: (id: string) => InputResult,
  content: Content,
): Stand {
  return {
    input: (id) => inputs(id).digest,
    metric: (id, field) => {
      const value = own(inputs(id).metrics, field);
      if (value === undefined) throw new Bug(`\`${id}\` has no metric \`${field}\``);
      return value;
    },
    content,
    unset: () => UNSEEN,
    // By its place in the code of the point, which has its content.
    module: (module) =>
      code === undefined || code.kind === 'command'
        ? module
        : (code.values ?? []).indexOf(String(fieldsOf(module).file)),
  };
}
