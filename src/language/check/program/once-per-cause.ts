import type { Diagnostic, Related } from '../../../base/diagnostic.js';
import { textAt } from '../../../base/fix.js';
import type { Span } from '../../../base/source.js';
import type { Module } from '../../ast.js';
import { wordAround } from '../../syntax-errors/stray.js';

/** Places that a message for several of them points at. */
const mostPlaces = 3;

/**
 * Each mistake once: the file asked for first, each file from top to bottom. A name, a label or a
 * field that is not there is one mistake, however often it is used, and so is a name whose values
 * are of another type.
 */
export function oncePerCause(
  diagnostics: readonly Diagnostic[],
  entry: string,
  modules: readonly Module[],
): readonly Diagnostic[] {
  const seen = new Set<string>();
  const once = diagnostics.filter(({ code, span, message }) => {
    // a mistake in a `def` is met in each of its calls
    const same = `${code} ${span.file.path} ${span.start} ${span.end} ${message}`;
    return !seen.has(same) && seen.add(same);
  });
  const rank = (d: Diagnostic) => (d.span.file.path === entry ? '' : d.span.file.path);
  const inOrder = once.toSorted(
    (a, b) => rank(a).localeCompare(rank(b)) || a.span.start - b.span.start,
  );
  const groups = new Map<string, Diagnostic[]>();
  for (const diagnostic of inOrder) {
    const cause = causeOf(diagnostic);
    if (cause === undefined) continue;
    const group = groups.get(cause);
    if (group) group.push(diagnostic);
    else groups.set(cause, [diagnostic]);
  }
  const silent = namelessUses(groups, modules);
  // `f` without its bracket: what should have stood in it is read as a declaration
  const open = inOrder.filter(({ code }) => code === 'not-a-value');
  const failed = failedImports(inOrder, modules);
  const torn = inOrder.filter(({ code }) => code === 'declarations-on-one-line');
  return inOrder.flatMap((diagnostic) => {
    if (diagnostic.code === 'unused' && torn.some((other) => followsOnLine(other, diagnostic)))
      return [];
    if (diagnostic.code === 'unknown-declaration' && open.some((o) => follows(o, diagnostic)))
      return [];
    if (diagnostic.code === 'duplicate-declaration' && touches(diagnostic, failed)) return [];
    const cause = causeOf(diagnostic);
    if (cause === undefined) return [diagnostic];
    const group = groups.get(cause) ?? [];
    if (group[0] !== diagnostic || silent.has(cause)) return [];
    return [withPlaces(diagnostic, group.slice(1))];
  });
}

/** Does a declaration stand behind another on its line? What it is for will show on its own one. */
function followsOnLine({ span: first }: Diagnostic, { span }: Diagnostic): boolean {
  const { text } = span.file;
  if (first.file !== span.file || first.start > span.start) return false;
  return !text.slice(first.start, span.start).includes('\n');
}

/** Does it begin where the other ends, white space aside? */
function follows({ span: first }: Diagnostic, { span }: Diagnostic): boolean {
  return first.file === span.file && /^\s+$/.test(span.file.text.slice(first.end, span.start));
}

/** Names that imports would bring, were there what they take. */
function failedImports(
  diagnostics: readonly Diagnostic[],
  modules: readonly Module[],
): readonly Span[] {
  const codes: ReadonlySet<string> = new Set([
    'file-not-found',
    'unknown-module',
    'unknown-import',
  ]);
  const wrong = diagnostics.filter(({ code }) => codes.has(code));
  return modules.flatMap(({ declarations }) =>
    declarations.flatMap((declaration) => {
      if (declaration.kind !== 'import') return [];
      const inside = wrong.filter(({ span }) => isInside(span, declaration.span));
      const whole = inside.some(({ code }) => code !== 'unknown-import');
      return declaration.names.flatMap(({ name, as }) =>
        whole || inside.some(({ span }) => isInside(span, name.span)) ? [(as ?? name).span] : [],
      );
    }),
  );
}

function isInside(span: Span, outer: Span): boolean {
  return span.file === outer.file && span.start >= outer.start && span.end <= outer.end;
}

/** Is it about one of these places, here or beside? */
function touches({ span, related = [] }: Diagnostic, places: readonly Span[]): boolean {
  return [span, ...related.map((other) => other.span)].some((at) =>
    places.some((place) => isInside(at, place)),
  );
}

const isMissing = ({ code }: Diagnostic) => code === 'unknown-name' || code === 'unknown-axis';

/**
 * What several messages may have in common: what they say that they have, a word that is nowhere declared, a label or field that
 * is not there, a word that cannot be read.
 */
function causeOf(diagnostic: Diagnostic): string | undefined {
  const { code, span, message } = diagnostic;
  const { path } = span.file;
  if (diagnostic.cause !== undefined) return `${path} ${code} ${diagnostic.cause}`;
  // its message names all that it is about
  if (code === 'unknown-label' || code === 'unknown-field') return `${path} ${message}`;
  if (isMissing(diagnostic)) return `${path} ${textAt(span)}`;
  if (code !== 'unexpected-character') return undefined;
  const word = wordAround(span);
  if (word.end - word.start <= 1) return undefined;
  // a name is one mistake wherever it stands, a text in single quotes or `;` behind a word is one each time
  return `';`.includes(textAt(span)) ? `${path} ${word.start}` : `${path} ${textAt(word)}`;
}

function withPlaces(diagnostic: Diagnostic, others: readonly Diagnostic[]): Diagnostic {
  const places = others.filter(({ code }) => code !== 'unexpected-character');
  const shown = places.slice(0, mostPlaces);
  if (shown.length === 0) return diagnostic;
  const more = places.length - shown.length;
  const related = shown.map(({ span }, i): Related => {
    const last = i === shown.length - 1 && more > 0;
    return { span, message: last ? `here too, and in ${more} more places` : 'here too' };
  });
  return { ...diagnostic, related: [...(diagnostic.related ?? []), ...related] };
}

/**
 * Causes that follow from declarations whose names cannot be read (`axis = …`): for each of them
 * the name that is missing most often.
 */
function namelessUses(
  groups: ReadonlyMap<string, readonly Diagnostic[]>,
  modules: readonly Module[],
): ReadonlySet<string> {
  const silent = new Set<string>();
  for (const { file, declarations } of modules) {
    const count = declarations.filter((d) => d.kind === 'broken' && d.nameless).length;
    if (count === 0) continue;
    const unknown = [...groups].filter(([, [first]]) => {
      return first?.span.file === file && isMissing(first);
    });
    const often = unknown.toSorted(([, a], [, b]) => b.length - a.length);
    for (const [cause] of often.slice(0, count)) silent.add(cause);
  }
  return silent;
}
