import type { CallExpression, Expression } from '../../../src/language/ast.js';
import { type Snapshot, snapshotOf } from '../../../src/language/editor/snapshot.js';
import type { IToken } from '../../../src/language/lex/chevrotain.js';
import type { Source } from './corpus.js';

/** One mistake to make: what stands there becomes `text`. */
export interface Site {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A kind of mistake, and every place of a file where it can be made. */
export type Mutation = (file: Studied) => readonly Site[];

/** A file with what the mutations need to know of it. */
export interface Studied {
  readonly source: Source;
  readonly snapshot: Snapshot;
  readonly tokens: readonly IToken[];
  readonly calls: readonly CallExpression[];
  readonly words: ReadonlySet<string>;
  /** Does neither of the declarations at two offsets use the other, or one that uses it? */
  readonly independent: (a: number, b: number) => boolean;
}

export function study(source: Source): Studied {
  const snapshot = snapshotOf(source.host(source.text), source.path);
  if (!snapshot) throw new Error(`no ${source.path}`);
  const nodes = expressionsIn(snapshot.module.declarations);
  return {
    source,
    snapshot,
    tokens: snapshot.lexed.tokens,
    calls: nodes.filter((node) => node.kind === 'call'),
    words: new Set(source.text.match(/[A-Za-z_]\w*/g)),
    independent: independence(snapshot),
  };
}

export function independence({ module, occurrences }: Snapshot): Studied['independent'] {
  const { declarations } = module;
  const indexAt = (offset: number) =>
    declarations.findIndex(({ span }) => span.start <= offset && offset <= span.end);
  const uses = declarations.map(({ span }) => {
    const names = occurrences.filter((o) => span.start <= o.span.start && o.span.end <= span.end);
    return new Set(
      names.flatMap(({ targets }) =>
        targets.flatMap((target) => {
          if (target.kind === 'label') return [indexAt(target.label.span.start)];
          return target.kind === 'name' ? [indexAt(target.symbol.name.span.start)] : [];
        }),
      ),
    );
  });
  const reach = (from: number, seen = new Set<number>()): ReadonlySet<number> => {
    if (from < 0 || seen.has(from)) return seen;
    seen.add(from);
    for (const to of uses[from] ?? []) reach(to, seen);
    return seen;
  };
  return (a, b) => {
    const [i, j] = [indexAt(a), indexAt(b)];
    return i >= 0 && j >= 0 && !reach(i).has(j) && !reach(j).has(i);
  };
}

export function expressionsIn(tree: unknown): readonly Expression[] {
  if (tree === null || typeof tree !== 'object') return [];
  const here = 'kind' in tree && 'span' in tree ? [tree as Expression] : []; // filtered by kind
  const parts = Object.entries(tree).filter(([key]) => key !== 'span');
  return [...here, ...parts.flatMap(([, part]) => expressionsIn(part))];
}
