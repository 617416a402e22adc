import type { Json } from '../base/canonical.js';
import { type Fields, fieldsOf } from '../base/fields.js';
import { secretIn } from '../base/secret.js';

/** What a resolved parameter, or a part of one, is: what `Resolved` says of its tags. */
export type Tagged =
  | { readonly is: 'plain'; readonly value: null | boolean | number | string }
  | { readonly is: 'list'; readonly items: readonly Json[] }
  | { readonly is: 'input'; readonly id: string }
  | { readonly is: 'metric'; readonly id: string; readonly field: string }
  | { readonly is: 'file' | 'folder'; readonly path: string }
  | { readonly is: 'secret'; readonly digest: string }
  /** Waits for variables of the environment. */
  | { readonly is: 'unset'; readonly env: Json }
  | { readonly is: 'describe'; readonly record: Fields; readonly args: Fields }
  | { readonly is: 'record'; readonly fields: Fields; readonly wrapped: boolean };

/** Reads the tag of a value, the one place that knows them all. */
export function taggedOf(value: Json): Tagged {
  if (value === null || typeof value !== 'object') return { is: 'plain', value };
  if (Array.isArray(value)) return { is: 'list', items: value };
  const record = value as Fields; // neither of the above
  if ('input' in record) return { is: 'input', id: String(record.input) };
  if ('metric' in record) {
    const [id = '', field = ''] = record.metric as readonly string[]; // as `encode` writes it
    return { is: 'metric', id, field };
  }
  if ('file' in record) return { is: 'file', path: String(record.file) };
  if ('folder' in record) return { is: 'folder', path: String(record.folder) };
  if ('env' in record) {
    const secret = secretIn(record);
    return secret
      ? { is: 'secret', digest: secret.digest }
      : { is: 'unset', env: record.env ?? null };
  }
  // The arguments of a description are parameters, and the fields of a wrapped record the user's: their names are no tags.
  if ('describe' in record) return { is: 'describe', record, args: fieldsOf(record.args) };
  if ('record' in record) return { is: 'record', fields: fieldsOf(record.record), wrapped: true };
  return { is: 'record', fields: record, wrapped: false };
}

/** What comes in the place of that which is not plain. */
export interface Stand {
  /** The digest of an input, or what stands for it. */
  readonly input: (id: string) => Json;
  readonly metric: (id: string, field: string) => Json;
  /** The digest of a file or folder, or what stands for it. */
  readonly content: (path: string, kind: 'file' | 'folder') => Json;
  readonly unset: (env: Json) => Json;
  /** The module of the user's own that makes a description. */
  readonly module: (module: Json) => Json;
}

/** A resolved value that names no stages, paths or variables any more, but what stands for them. */
export function replaced(value: Json, stand: Stand): Json {
  const inside = (part: Json): Json => replaced(part, stand);
  const each = (fields: Fields): Fields =>
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, inside(field)]));
  const tagged = taggedOf(value);
  switch (tagged.is) {
    case 'plain':
      return tagged.value;
    case 'list':
      return tagged.items.map(inside);
    case 'input':
      return { artifact: stand.input(tagged.id) };
    case 'metric':
      return stand.metric(tagged.id, tagged.field);
    case 'file':
    case 'folder':
      return { [tagged.is]: stand.content(tagged.path, tagged.is) };
    case 'secret':
      return { env: { secret: tagged.digest } };
    case 'unset':
      return stand.unset(tagged.env);
    case 'describe': {
      const { module } = tagged.record;
      const made = module === undefined ? {} : { module: stand.module(module) };
      return { ...tagged.record, ...made, args: each(tagged.args) };
    }
    case 'record':
      return tagged.wrapped ? { record: each(tagged.fields) } : each(tagged.fields);
  }
}

/** Tells each file and folder that values name; what values share is looked at once. */
export function eachPath(
  values: Iterable<Json>,
  found: (path: string, kind: 'file' | 'folder') => void,
  seen: Set<Json> = new Set(),
): void {
  for (const value of values) {
    const tagged = taggedOf(value);
    if (tagged.is === 'plain' || seen.has(value)) continue;
    seen.add(value);
    if (tagged.is === 'file' || tagged.is === 'folder') found(tagged.path, tagged.is);
    else if (tagged.is === 'list') eachPath(tagged.items, found, seen);
    else if (tagged.is === 'describe') eachPath(Object.values(tagged.args), found, seen);
    else if (tagged.is === 'record') eachPath(Object.values(tagged.fields), found, seen);
  }
}
