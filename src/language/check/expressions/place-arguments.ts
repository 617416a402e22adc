import type { Argument } from '../../ast.js';

/** How an argument is written: `name: value`, a bare `name`, or another value (no name). */
export interface Written {
  readonly name: string | undefined;
  readonly bare: boolean;
}

/** Where an argument of a call goes. */
export type Placed =
  /** To a parameter; `skipped` is one before it that a bare name elsewhere in the call fills. */
  | { readonly kind: 'fills'; readonly param: string; readonly skipped?: string }
  /** To a parameter that has an argument already. */
  | { readonly kind: 'twice'; readonly param: string }
  /** It names no parameter. */
  | { readonly kind: 'unknown' }
  /** It has no name and stands behind one that has. */
  | { readonly kind: 'behind' }
  | { readonly kind: 'too-many' };

/** An argument as it is written. */
export function writtenAs({ name, shorthand, value }: Argument): Written {
  if (name && !shorthand) return { name: name.text, bare: false };
  // in parentheses it is no bare name: then the value's span is wider than the name's
  const bare = value.kind === 'name' && value.name.span.end === value.span.end;
  return { name: bare ? value.name.text : undefined, bare };
}

/**
 * Which argument goes to which parameter. A bare name that is a parameter means that parameter,
 * wherever it stands; the others without a name fill the parameters that are left, in order, up to
 * the first `name: value`.
 */
export function placeArguments(
  args: readonly Written[],
  params: readonly string[],
): readonly Placed[] {
  const bare = new Set(args.flatMap((arg) => (arg.bare && arg.name !== undefined ? arg.name : [])));
  const taken = new Set<string>();
  let named = false;
  let next = 0;
  const toName = (param: string): Placed => {
    if (taken.has(param)) return { kind: 'twice', param };
    taken.add(param);
    return { kind: 'fills', param };
  };
  const toNext = (): Placed => {
    let skipped: string | undefined;
    let param = params[next++];
    while (param !== undefined && bare.has(param)) {
      skipped ??= param;
      param = params[next++];
    }
    if (param === undefined) return { kind: 'too-many' };
    taken.add(param);
    return { kind: 'fills', param, ...(skipped === undefined ? {} : { skipped }) };
  };
  return args.map(({ name, bare: isBare }): Placed => {
    const known = name !== undefined && params.includes(name);
    if (name !== undefined && !isBare) {
      named = true;
      return known ? toName(name) : { kind: 'unknown' };
    }
    if (known) {
      // in its own place it counts as one of those that stand in order
      if (params[next] === name) next += 1;
      return toName(name);
    }
    if (named) return { kind: isBare ? 'unknown' : 'behind' };
    return toNext();
  });
}
