import type { Edit } from '../../../base/diagnostic.js';
import type { Span } from '../../../base/source.js';
import type { Declaration, DefDeclaration, Module } from '../../ast.js';

/**
 * The edit that takes a declared name away: out of its import, or with its whole declaration and
 * the comments that document it. `whole`: all of an import.
 */
export function removeUnused(module: Module, at: Span, whole = false): Edit | undefined {
  const declaration = module.declarations.find(
    (d) => d.span.start <= at.start && at.end <= d.span.end,
  );
  if (!declaration) return undefined;
  if (declaration.kind === 'import' && declaration.names.length > 1 && !whole) {
    const { names } = declaration;
    const index = names.findIndex(({ name, as }) => {
      return name.span.start === at.start || as?.span.start === at.start;
    });
    const own = names[index];
    if (!own) return undefined;
    const [before, after] = [names[index - 1], names[index + 1]];
    // with the comma behind it, or before it for the last one
    const start = after || !before ? own.name.span.start : endOf(before);
    const end = after ? after.name.span.start : endOf(own);
    return { span: { ...at, start, end }, text: '' };
  }
  const part = declaration.kind === 'def' ? partOf(declaration, at) : declaration;
  return part && { span: wholeLines(part.span), text: '' };
}

/** What of a def declares a name: the def itself or a part of its body. */
function partOf(def: DefDeclaration, { start }: Span): Declaration | undefined {
  if (def.name.span.start === start) return def;
  return def.body.find((part) => part.name.span.start === start);
}

function endOf({ name, as }: { name: { span: Span }; as: { span: Span } | undefined }): number {
  return (as ?? name).span.end;
}

/** A declaration with the `///` above it and its line breaks. */
function wholeLines({ file, start, end }: Span): Span {
  const { text } = file;
  let first = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  const behind = text.slice(end, lineEnd < 0 ? text.length : lineEnd);
  const alone = text.slice(first, start).trim() === '' && /^\s*(\/\/.*)?$/.test(behind);
  if (!alone) return { file, start, end };
  for (;;) {
    const above = text.lastIndexOf('\n', first - 2) + 1;
    if (first === 0 || !/^\s*\/\/\//.test(text.slice(above, first))) break;
    first = above;
  }
  const next = text.indexOf('\n', end);
  return { file, start: first, end: next < 0 ? text.length : next + 1 };
}
