import { dirname, join } from 'node:path';
import type { Json } from '../base/canonical.js';
import { fieldsOf, partsOf } from '../base/fields.js';
import { own } from '../base/own.js';
import { secretIn } from '../base/secret.js';
import { loadLibrary } from '../language/library.js';
import { shortName } from '../language/terms/call-labels.js';
import { showValue } from '../language/types/show-value.js';
import type { Type } from '../language/types.js';
import { type Owner, ownerOf } from './diff/owner.js';
import type { Change, StagePoint } from './plan.js';

/** One change as its author would say it: `views.scale` and `20% → 0%`, or a file and `changed`. */
export interface ChangeText {
  readonly name: string;
  readonly what: string;
}

/** A change of a point in the words of its file: units as they are written, code by its file. */
export function changeText(change: Change, point: StagePoint): ChangeText {
  const { path, before, after } = change;
  const code = path.startsWith('code.') ? codeText(path.slice('code.'.length), point) : undefined;
  if (code) return { name: code, what: 'changed' };
  if (path === 'code.declared') {
    return { name: 'the declared result', what: point.declared ?? 'changed' };
  }
  const content = contentPath(change, point);
  if (content) return { name: content, what: 'changed' };
  if (path === 'numeric.mode') {
    return { name: 'training', what: `${modeText(before)} → ${modeText(after)}` };
  }
  if (path === 'numeric.tf32') {
    return { name: 'float32 on GPUs', what: `${tf32Text(before)} → ${tf32Text(after)}` };
  }
  const owner = ownerOf(point.stage, point.params, path);
  const shown = [before, after].map((value) => valueText(value, owner));
  // Numbers may differ where their texts, of 14 digits, do not.
  const [from, to] = new Set(shown).size === 2 ? shown : [before, after].map(shortText);
  return { name: pathText(path), what: `${from} → ${to}` };
}

const modeText = (mode: Json | undefined): string =>
  mode === 'eager' ? 'op by op (--eager)' : 'as one graph';

const tf32Text = (tf32: Json | undefined): string => (tf32 === true ? 'as TF32' : 'exactly');

/** `params.views.args.scale` as `views.scale`. */
export function pathText(path: string): string {
  return path.replace(/^(params|code)\./, '').replaceAll('.args.', '.');
}

/** The file whose content a path inside of `code` stands for. */
function codeText(path: string, { code }: StagePoint): string | undefined {
  const [, part, inside = ''] = /^(\w+)(?:\.(.*))?$/s.exec(path) ?? [];
  if (code !== undefined && code.kind !== 'command') {
    if (part === code.kind) return `\`${code.path}\``;
    if (part === 'imports' && inside === '') return `what \`${code.path}\` imports`;
    const named = part === 'imports' || part === 'seen';
    return named ? `\`${join(dirname(code.path), inside.replace(/#$/, ''))}\`` : undefined;
  }
  const read = part === 'reads' ? code?.reads[Number(inside)] : undefined;
  return read && `\`${read.path}\``;
}

/** The file or folder that is the same one with other content. */
function contentPath({ path, before, after }: Change, { params }: StagePoint): string | undefined {
  const [kind] = ['file', 'folder'].filter((k) => k in fieldsOf(before) && k in fieldsOf(after));
  if (kind === undefined) return undefined;
  let value: Json | undefined = params;
  for (const name of path.split('.').slice(1)) value = own(partsOf(value), name);
  const written = fieldsOf(value)[kind];
  return typeof written === 'string' ? `\`${written}\`` : undefined;
}

/** A value as it would be written, with its unit; an artifact by its name or digest alone. */
export function valueText(value: Json | undefined, owner: Owner | undefined): string {
  const { artifact, describe, args } = fieldsOf(value);
  if (typeof artifact === 'string') return shortDigest(artifact);
  if (typeof describe === 'string') {
    return `${shortName(describe)}(${Object.keys(fieldsOf(args)).length > 0 ? '…' : ''})`;
  }
  const [[kind, content] = ['', ''], ...more] = Object.entries(fieldsOf(value));
  if (['file', 'folder'].includes(kind) && typeof content === 'string' && more.length === 0) {
    return `a ${kind} (${shortDigest(content)})`;
  }
  const secret = secretIn(fieldsOf(value));
  if (secret) return `secret ${shortDigest(secret.digest)}`;
  const type = value === undefined || owner === undefined ? undefined : typeOf(owner);
  if (value === undefined || type === undefined || !isData(value)) return shortText(value);
  return clipped(showValue(value, type));
}

/** The type of a parameter of the standard library, or of the parts of a list or range. */
function typeOf({ declared, parameter, inside }: Owner): Type | undefined {
  const extern = loadLibrary().find(({ name }) => name === declared);
  const type = extern?.params.find(({ name }) => name === parameter)?.type;
  const bare = type?.kind === 'optional' ? type.of : type;
  if (!inside) return bare;
  return bare?.kind === 'list' || bare?.kind === 'range' ? bare.of : undefined;
}

/** Numbers, texts, ranges and lists of them; what is tagged is shown as it is. */
function isData(value: Json): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (Array.isArray(value)) return value.every(isData);
  return Object.keys(value).sort().join(' ') === 'high low';
}

function shortText(value: Json | undefined): string {
  if (value === undefined) return '(absent)';
  if (typeof value === 'string' && shortDigest(value) !== value) return shortDigest(value);
  return clipped(
    JSON.stringify(value, (_key, field) =>
      typeof field === 'string' ? shortDigest(field) : field,
    ),
  );
}

const shortDigest = (text: string): string =>
  /^[0-9a-f]{64}$/.test(text) ? text.slice(0, 12) : text;

const clipped = (text: string): string => (text.length <= 60 ? text : `${text.slice(0, 57)}…`);
