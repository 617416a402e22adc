import type { Edit } from '../../../base/diagnostic.js';
import type { Span } from '../../../base/source.js';
import { lineText, positionOf } from '../../../base/source.js';
import type { ImportDeclaration, Module } from '../../ast.js';

/** The edit that takes one more name from a module of the library. */
export function addImport({ file, declarations }: Module, from: string, name: string): Edit {
  const imports = declarations.filter((d) => d.kind === 'import');
  const same = imports.find((d) => moduleOf(d) === from);
  const last = same?.names.at(-1);
  if (same && last) {
    const at = (last.as ?? last.name).span;
    const braces = file.text.slice(last.name.span.start - 1, last.name.span.start) !== '.';
    if (braces) return { span: { ...at, start: at.end }, text: `, ${name}` };
    const { start } = last.name.span;
    const written = file.text.slice(start, at.end);
    return { span: { file, start, end: at.end }, text: `{${written}, ${name}}` };
  }
  const line = `import ${from}.${name}\n`;
  const before = imports.at(-1);
  if (before) return { span: behindLine(before.span), text: line };
  return { span: atTop(file.text, declarations[0]?.span, file), text: `${line}\n` };
}

function moduleOf({ from }: ImportDeclaration): string | undefined {
  return from.kind === 'library' ? from.path.map((word) => word.text).join('.') : undefined;
}

/** The start of the next line. */
function behindLine({ file, end }: Span): Span {
  const next = file.text.indexOf('\n', end);
  const at = next < 0 ? file.text.length : next + 1;
  return { file, start: at, end: at };
}

/** In front of the first declaration and the comments that stand directly above it. */
function atTop(text: string, first: Span | undefined, file: Span['file']): Span {
  let { line } = positionOf(file, first?.start ?? text.length);
  while (line > 1 && /^\s*(\/\/|@)/.test(lineText(file, line - 1))) line -= 1;
  const at =
    text
      .split('\n')
      .slice(0, line - 1)
      .join('\n').length + (line > 1 ? 1 : 0);
  return { file, start: at, end: at };
}
