import { diagnose } from '../../base/codes.js';
import type { Report } from '../../base/diagnostic.js';
import type { DeclaredName } from './declared-names.js';

/** Says that declarations need each other, each the next one, and prints the circle. */
export function reportCycle(loop: readonly DeclaredName[], report: Report): void {
  const [first] = loop.toSorted((a, b) => a.name.span.start - b.name.span.start);
  if (!first) return;
  const at = loop.indexOf(first);
  const turned = [...loop.slice(at), ...loop.slice(0, at), first];
  const path = turned.map((symbol) => `\`${symbol.name.text}\``).join(' → ');
  const related = turned.slice(1, -1).map((symbol) => ({
    span: symbol.name.span,
    message: 'part of the cycle',
  }));
  for (const symbol of loop) symbol.inCycle = true;
  report(diagnose('cycle', first.name.span, { path }, { related }));
}
