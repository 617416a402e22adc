import { diagnose } from '../../../base/codes.js';
import type { Report } from '../../../base/diagnostic.js';
import type { DeclaredName } from '../context.js';

/** Names of a circle that a message shows. */
const mostNames = 10;

/** Says that declarations need each other, each the next one, and prints the circle. */
export function reportCycle(loop: readonly DeclaredName[], report: Report): void {
  const [first] = loop.toSorted((a, b) => a.name.span.start - b.name.span.start);
  if (!first) return;
  const at = loop.indexOf(first);
  const turned = [...loop.slice(at), ...loop.slice(0, at), first];
  const names = turned.map((symbol) => `\`${symbol.name.text}\``);
  const [long, rest] = [names.length > mostNames, names.length - mostNames];
  const shown = long
    ? [...names.slice(0, -1 - rest), `… ${rest} more …`, ...names.slice(-1)]
    : names;
  const path = shown.join(' → ');
  const related = turned
    .slice(1, -1)
    .slice(0, mostNames)
    .map((symbol) => ({
      span: symbol.name.span,
      message: 'part of the cycle',
    }));
  for (const symbol of loop) symbol.inCycle = true;
  report(diagnose('cycle', first.name.span, { path }, { related }));
}

/** The circle that a declaration leads to by the names in it, if there is one. */
export function circleFrom(
  start: DeclaredName,
  symbols: ReadonlyMap<string, DeclaredName>,
): readonly DeclaredName[] | undefined {
  const done = new Set<DeclaredName>();
  const way: { readonly symbol: DeclaredName; readonly next: DeclaredName[] }[] = [];
  const enter = (symbol: DeclaredName) => {
    const next = [...namesIn(symbol.declaration)].flatMap((name) => symbols.get(name) ?? []);
    way.push({ symbol, next });
  };
  enter(start);
  for (let here = way.at(-1); here !== undefined; here = way.at(-1)) {
    const next = here.next.pop();
    if (next === undefined) {
      done.add(here.symbol);
      way.pop();
      continue;
    }
    const at = way.findIndex(({ symbol }) => symbol === next);
    if (at >= 0) return way.slice(at).map(({ symbol }) => symbol);
    if (!done.has(next)) enter(next);
  }
  return undefined;
}

/** The names that stand for values in a part of a tree. */
function namesIn(tree: object, found: Set<string> = new Set()): ReadonlySet<string> {
  const node = tree as { readonly kind?: unknown; readonly name?: { readonly text?: unknown } }; // any part of a tree
  if (node.kind === 'name' && typeof node.name?.text === 'string') found.add(node.name.text);
  for (const [key, part] of Object.entries(tree)) {
    if (key !== 'span' && part !== null && typeof part === 'object') namesIn(part, found);
  }
  return found;
}
