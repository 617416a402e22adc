import { diagnose } from '../../../base/codes.js';
import type { Diagnostic } from '../../../base/diagnostic.js';
import { removeBehind, textAt } from '../../../base/fix.js';
import type { Declaration, DisplayName, Expression, Module } from '../../ast.js';

/**
 * Display names that say nothing: empty ones, and those where nobody would see them. They name axes,
 * reports, the labels of an axis and the columns of a table; a `let` may hold such labels or columns.
 */
export function idleDisplayNames(modules: readonly Module[]): readonly Diagnostic[] {
  return modules.flatMap(({ declarations }) =>
    declarations.flatMap((declaration) => {
      // most declarations have none: their trees need no walk
      if (!/\bas\s*"/.test(textAt(declaration.span))) return [];
      const all = displayNamesIn(declaration);
      const seen = new Set(namesSeen(declaration));
      return all.flatMap((shown) => {
        const empty = shown.text.trim() === '';
        if (seen.has(shown) && !empty) return [];
        const code = empty ? 'display-name-empty' : 'display-name-place';
        return [diagnose(code, shown.span, {}, { fixes: [removeBehind(shown.span)] })];
      });
    }),
  );
}

function namesSeen(declaration: Declaration): readonly DisplayName[] {
  switch (declaration.kind) {
    case 'axis':
      return [...of(declaration), ...namesOfEntries(declaration.values)];
    case 'let':
      return namesOfEntries(declaration.value);
    case 'report': {
      const { value } = declaration;
      const columns = value.kind === 'call' ? value.args[0]?.value : undefined;
      const named = columns?.kind === 'record' ? namesOfEntries(columns) : [];
      return [...of(declaration), ...named];
    }
    default:
      return [];
  }
}

function namesOfEntries(expression: Expression): readonly DisplayName[] {
  if (expression.kind === 'list') return expression.shown.flatMap((shown) => shown ?? []);
  return expression.kind === 'record' ? expression.entries.flatMap(of) : [];
}

const of = ({ shown }: { readonly shown: DisplayName | undefined }): readonly DisplayName[] =>
  shown ? [shown] : [];

/** All that stand in a part of the tree. */
function displayNamesIn(part: unknown): readonly DisplayName[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => {
    if (key === 'span') return [];
    if (key !== 'shown') return displayNamesIn(value);
    const shown = value as DisplayName | readonly (DisplayName | undefined)[] | undefined;
    return [shown ?? []].flat().flatMap((name) => name ?? []);
  });
}
