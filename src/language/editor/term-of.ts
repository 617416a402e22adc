import type { Name } from '../ast.js';
import type { Meaning } from '../check/context.js';
import type { IToken } from '../parse/chevrotain.js';
import { endOf } from '../parse/lex.js';
import { parse } from '../parse/parser.js';
import type { Term } from '../program.js';
import { valueStart } from './cursor.js';
import type { Snapshot } from './snapshot.js';

/** What an expression means in a file, although it does not stand there as a whole. */
export function termOf(snapshot: Snapshot, text: string): Term | undefined {
  const { module } = parse({ path: snapshot.file.path, text: `let it = ${text}` });
  const [only] = module.declarations;
  if (only?.kind !== 'let') return undefined;
  const context = { ...snapshot.open.context, report: () => {}, note: undefined };
  return context.check(only.value, context);
}

/** What the value means that ends with a token. */
export function valueBefore(
  snapshot: Snapshot,
  tokens: readonly IToken[],
  end: number,
): Term | undefined {
  const start = valueStart(tokens, end);
  const [first, last] = [start === undefined ? undefined : tokens[start], tokens[end]];
  if (!first || !last) return undefined;
  return termOf(snapshot, snapshot.file.text.slice(first.startOffset, endOf(last)));
}

/** What a name means in a file. */
export function meaningOf(snapshot: Snapshot, token: IToken): Meaning | undefined {
  const { file, open } = snapshot;
  const span = { file, start: token.startOffset, end: endOf(token) };
  const name: Name = { text: token.image, span };
  return open.context.lookup(name);
}
