import type { DefDeclaration } from '../ast.js';
import { hiddenInDef } from '../check/declarations/def-body.js';
import type { IToken } from '../lex/chevrotain.js';
import { endOf } from '../lex/lex.js';
import { declarationKeyword, isCloser, isOpener, LBrace, operatorKeyword } from '../lex/tokens.js';
import { parse } from '../parse/parser.js';
import type { Cursor } from './cursor.js';
import type { Snapshot } from './snapshot.js';

const { let: letWord, dataset, transform, train, evaluate } = declarationKeyword;
const heads: ReadonlySet<unknown> = new Set([
  letWord,
  dataset,
  transform,
  train,
  evaluate,
  operatorKeyword.return,
]);

/**
 * A file as the body of a `def` sees it, if the cursor stands in one: with its parameters and what it
 * declares before the cursor, and without what it does not see. The `def` need not be whole.
 */
export function insideDef(snapshot: Snapshot, cursor: Cursor): Snapshot {
  const declaration = readableDef(snapshot.file.text, cursor);
  if (!declaration) return snapshot;
  const { open } = snapshot;
  const { symbols, context } = open.peek(declaration);
  // a declaration is checked when its name is looked up
  for (const { name } of symbols) context.lookup(name);
  const own = new Set(symbols.map(({ name }) => name.text));
  const seen = open.symbols.filter(
    ({ name, word }) => !hiddenInDef.includes(word) && !own.has(name.text),
  );
  return { ...snapshot, open: { ...open, context, symbols: [...symbols, ...seen] } };
}

/** The `def` around a cursor, made of what can be read of it before the declaration being written. */
function readableDef(text: string, { tokens, head, frames }: Cursor): DefDeclaration | undefined {
  const body = frames.at(-1);
  if (!head || head.tokenType !== declarationKeyword.def || body?.opener.tokenType !== LBrace) {
    return undefined;
  }
  const start = endOf(body.opener);
  // blanks in place of all else: what is read keeps its places
  const opening = text.slice(0, head.startOffset).replaceAll(/[^\n]/g, ' ');
  const header = opening + text.slice(head.startOffset, start);
  const starts = statements(tokens.slice(body.at + 1));
  let made = header;
  for (const [i, from] of starts.entries()) {
    const to = starts[i + 1];
    if (to === undefined) break;
    const tried =
      made + text.slice(made.length, from).replaceAll(/[^\n]/g, ' ') + text.slice(from, to);
    if (defIn(tried)) made = tried;
  }
  return defIn(made);
}

/** Where the declarations of a body begin. */
function statements(tokens: readonly IToken[]): readonly number[] {
  let depth = 0;
  return tokens.flatMap((token) => {
    if (isOpener(token)) depth += 1;
    else if (isCloser(token)) depth -= 1;
    return depth === 0 && heads.has(token.tokenType) ? [token.startOffset] : [];
  });
}

/** A `def` without its end. */
function defIn(text: string): DefDeclaration | undefined {
  const { module } = parse({ path: 'def', text: `${text} return none }` });
  const [only] = module.declarations;
  return only?.kind === 'def' ? only : undefined;
}
