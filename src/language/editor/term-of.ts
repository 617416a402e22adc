import type { Expression, Name } from '../ast.js';
import { type Context, type Inner, type Meaning, noInner } from '../check/context.js';
import { innerOf } from '../check/expressions/check-member.js';
import type { IToken } from '../lex/chevrotain.js';
import { endOf } from '../lex/lex.js';
import { parse } from '../parse/parser.js';
import type { Term } from '../program.js';
import { valueStart } from './cursor.js';
import type { Snapshot } from './snapshot.js';

/** What an expression means in a file, although it does not stand there as a whole. */
function termOf(snapshot: Snapshot, text: string): Term | undefined {
  const expression = expressionOf(snapshot, text);
  const context = quiet(snapshot);
  return expression && context.check(expression, context);
}

function expressionOf(snapshot: Snapshot, text: string): Expression | undefined {
  const { module } = parse({ path: snapshot.file.path, text: `let it = ${text}` });
  const [only] = module.declarations;
  return only?.kind === 'let' ? only.value : undefined;
}

const quiet = ({ open }: Snapshot): Context => {
  return { ...open.context, report: () => {}, note: undefined };
};

/** What the value means that ends with a token. */
export function valueBefore(
  snapshot: Snapshot,
  tokens: readonly IToken[],
  end: number,
): Term | undefined {
  const text = textBefore(snapshot, tokens, end);
  return text === undefined ? undefined : termOf(snapshot, text);
}

/** The stages inside the value that ends with a token. */
export function innerBefore(snapshot: Snapshot, tokens: readonly IToken[], end: number): Inner {
  const text = textBefore(snapshot, tokens, end);
  const expression = text === undefined ? undefined : expressionOf(snapshot, text);
  return expression ? innerOf(expression, quiet(snapshot)) : noInner;
}

function textBefore(
  snapshot: Snapshot,
  tokens: readonly IToken[],
  end: number,
): string | undefined {
  const start = valueStart(tokens, end);
  const [first, last] = [start === undefined ? undefined : tokens[start], tokens[end]];
  return first && last && snapshot.file.text.slice(first.startOffset, endOf(last));
}

/** What a name means in a file. */
export function meaningOf(snapshot: Snapshot, token: IToken): Meaning | undefined {
  const { file, open } = snapshot;
  const span = { file, start: token.startOffset, end: endOf(token) };
  const name: Name = { text: token.image, span };
  return open.context.lookup(name);
}
