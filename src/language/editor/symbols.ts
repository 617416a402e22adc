import type { Span } from '../../base/source.js';
import type { Declaration, Module, Name } from '../ast.js';

export type SymbolKind = 'module' | 'value' | 'axis' | 'stage' | 'report' | 'claim' | 'function';

/** An entry of a file's outline. */
export interface SymbolEntry {
  readonly name: string;
  readonly kind: SymbolKind;
  /** `train`, `axis` … */
  readonly detail: string;
  /** All of the declaration. */
  readonly span: Span;
  /** Its name. */
  readonly at: Span;
  readonly children: readonly SymbolEntry[];
}

/** The outline of a file, from top to bottom; imports and what cannot be read are left out. */
export function symbols(module: Module): readonly SymbolEntry[] {
  return module.declarations.flatMap(entryOf);
}

function entryOf(declaration: Declaration): readonly SymbolEntry[] {
  const entry = (
    name: Name,
    kind: SymbolKind,
    detail: string,
    children: readonly SymbolEntry[] = [],
  ): SymbolEntry => ({
    name: name.text,
    kind,
    detail,
    span: declaration.span,
    at: name.span,
    children,
  });
  switch (declaration.kind) {
    case 'import':
      return [];
    case 'param':
    case 'let':
      return [entry(declaration.name, 'value', declaration.kind)];
    case 'axis':
      return [entry(declaration.name, 'axis', 'axis')];
    case 'stage':
      return [entry(declaration.name, 'stage', declaration.keyword)];
    case 'report':
      return [entry(declaration.name, 'report', 'report')];
    case 'expect': {
      const { span } = declaration.condition;
      return [entry({ text: firstLine(span), span }, 'claim', 'expect')];
    }
    case 'reference':
      return [entry({ text: declaration.source, span: declaration.span }, 'claim', 'reference')];
    case 'def':
      return [entry(declaration.name, 'function', 'def', declaration.body.flatMap(entryOf))];
    case 'extern':
      return [entry(declaration.name, 'function', `extern ${declaration.of}`)];
    case 'broken':
      return declaration.name ? [entry(declaration.name, 'value', '')] : [];
  }
}

function firstLine({ file, start, end }: Span): string {
  const [line = ''] = file.text.slice(start, end).split('\n');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
