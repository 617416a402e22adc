import type { Json } from '../base/canonical.js';
import type { Span } from '../base/source.js';
import type { ModuleCode } from './point-code.js';

/** A point that a `where` or a set slice dropped; it makes whatever needs it missing. */
export const MISSING: unique symbol = Symbol('missing');
/** A result that does not exist yet (or whose stage failed). */
export const PENDING: unique symbol = Symbol('pending');
/** A number that results do not give, all of them being there: a spread of one value, a size where nothing differs. */
export const UNTOLD: unique symbol = Symbol('untold');
export type Absent = typeof MISSING | typeof PENDING | typeof UNTOLD;

/** A part of a composite value and where it was written. */
export interface Part {
  readonly name: string;
  readonly value: Value;
  /** None for the parts of a value given on the command line. */
  readonly span: Span | undefined;
}

/** What a term means at a point. Whatever depends on results not yet there stays symbolic. */
export type Value =
  | null
  | boolean
  | number
  | string
  | { readonly kind: 'list'; readonly items: readonly Part[] }
  | { readonly kind: 'record'; readonly fields: readonly Part[] }
  | {
      readonly kind: 'describe';
      readonly name: string;
      readonly version: number;
      readonly args: readonly Part[];
      /** Of the user's own: the module that makes it, and what that imports. */
      readonly code?: ModuleCode;
    }
  | { readonly kind: 'file'; readonly path: string; readonly folder: boolean }
  | { readonly kind: 'artifact'; readonly id: string }
  | { readonly kind: 'metric'; readonly id: string; readonly field: string }
  /** A variable of the environment whose text is known to the stage alone. */
  | { readonly kind: 'secret'; readonly name: string; readonly digest: string }
  /** Needs variables of the environment that are not set. */
  | { readonly kind: 'unset'; readonly names: readonly string[] };

export function isAbsent(value: Value | Absent): value is Absent {
  return value === MISSING || value === PENDING || value === UNTOLD;
}

/** Plain data as a value. */
export function fromJson(json: Json): Value {
  if (json === null || typeof json !== 'object') return json;
  const before = made.get(json);
  if (before !== undefined) return before;
  const value = composite(json);
  made.set(json, value);
  return value;
}

/** Values share the parts that their data share. */
const made = new WeakMap<object, Value>();

function composite(json: Exclude<Json, null | boolean | number | string>): Value {
  if (Array.isArray(json)) {
    const items = json.map((item: Json, i) => ({
      name: String(i),
      value: fromJson(item),
      span: undefined,
    }));
    return { kind: 'list', items };
  }
  const fields = Object.entries(json as Readonly<Record<string, Json>>).map(([name, value]) => ({
    name,
    value: fromJson(value),
    span: undefined,
  }));
  return { kind: 'record', fields };
}

/**
 * Names that mark what is not plain data; a record of the user's with such a field is wrapped in
 * `record`. `compute` marks nothing any more: keys of records with such a field stay.
 */
const tags = new Set([
  'input',
  'metric',
  'compute',
  'file',
  'folder',
  'env',
  'describe',
  'artifact',
  'record',
]);

/** What encoding finds on its way. */
export interface Encoding {
  /** Called with each part's path and where it was written. */
  readonly place: (path: string, span: Span) => void;
  /** Called with each number, and what stands around it: undefined for the value itself. */
  readonly number: (value: number, of: Part | undefined) => void;
  readonly inputs: Set<string>;
  readonly unset: Set<string>;
  /** The code of the user's own that makes descriptions. */
  readonly code: Set<ModuleCode>;
}

/** A value as plain data, with the tags that `Resolved` names; `path` is where it stands. */
export function encode(value: Value, path: string, found: Encoding, of?: Part): Json {
  if (typeof value === 'number') found.number(value, of);
  if (value === null || typeof value !== 'object') return value;
  const part = (at: string, p: Part): Json => {
    if (p.span) found.place(at, p.span);
    return encode(p.value, at, found, p);
  };
  const parts = (prefix: string, list: readonly Part[]): Record<string, Json> => {
    return Object.fromEntries(list.map((p) => [p.name, part(`${prefix}.${p.name}`, p)]));
  };
  switch (value.kind) {
    case 'list':
      return value.items.map((item) => part(`${path}.${item.name}`, item));
    case 'record': {
      const record = parts(path, value.fields);
      return value.fields.some((f) => tags.has(f.name)) ? { record } : record;
    }
    case 'describe':
      if (value.code) found.code.add(value.code);
      return {
        describe: value.name,
        version: value.version,
        args: parts(`${path}.args`, value.args),
        ...(value.code ? { module: { file: value.code.path } } : {}),
      };
    case 'file':
      return value.folder ? { folder: value.path } : { file: value.path };
    case 'artifact':
      found.inputs.add(value.id);
      return { input: value.id };
    case 'metric':
      found.inputs.add(value.id);
      return { metric: [value.id, value.field] };
    case 'secret':
      return { env: { name: value.name, secret: value.digest } };
    case 'unset':
      for (const name of value.names) found.unset.add(name);
      return { env: value.names };
  }
}

/** A value as plain data, for comparing. */
export function plain(value: Value): Json {
  const unheard = { place: () => {}, number: () => {} };
  const found = { ...unheard, inputs: new Set<string>(), unset: new Set<string>() };
  return encode(value, '', { ...found, code: new Set() });
}
