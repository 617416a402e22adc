import type { Fix } from '../../base/diagnostic.js';
import { changeTo, textAt } from '../../base/fix.js';
import type { IToken, TokenType } from '../lex/chevrotain.js';
import { endOf } from '../lex/lex.js';
import * as t from '../lex/tokens.js';
import { endOfPart } from './end-of-part.js';
import type { Place } from './syntax-place.js';

/** Where the expression around a token begins and ends, as indices of tokens. */
export function around({ chunk, token }: Place): readonly [number, number] {
  const { tokens } = chunk;
  const at = tokens.indexOf(token);
  let depth = 0;
  let from = at;
  while (from > 0) {
    const before = tokens[from - 1];
    if (!before || (depth === 0 && (t.isOpener(before) || bounds.has(before.tokenType)))) break;
    if (t.isCloser(before)) depth += 1;
    else if (t.isOpener(before)) depth -= 1;
    from -= 1;
  }
  return [from, endOfValue(tokens, at)];
}

export const bounds: ReadonlySet<TokenType> = new Set([t.Equal, t.Colon, t.Comma]);

/** The index behind the value that begins at one: of a comma, a closing bracket, or the end. */
export const endOfValue = (tokens: readonly IToken[], from: number): number =>
  endOfPart(tokens, from, ({ tokenType }) => tokenType === t.Comma);

export function closerOf(tokens: readonly IToken[], open: IToken): IToken | undefined {
  let depth = 0;
  for (const token of tokens.slice(tokens.indexOf(open))) {
    if (t.isOpener(token)) depth += 1;
    else if (t.isCloser(token)) depth -= 1;
    if (depth === 0) return token;
  }
  return undefined;
}

export function textOf({ chunk, span }: Place, from: number, to: number): string {
  const [first, last] = [chunk.tokens[from], chunk.tokens[to - 1]];
  if (!first || !last || to <= from) return '';
  return textAt({ ...span, start: first.startOffset, end: endOf(last) });
}

export function replace({ chunk, span }: Place, from: number, to: number, text: string): Fix {
  const [first, last] = [chunk.tokens[from], chunk.tokens[to - 1]];
  return changeTo({ ...span, start: first?.startOffset ?? 0, end: last ? endOf(last) : 0 }, text);
}

export const shortOr = (text: string, example: string): string =>
  text.length <= 60 && !text.includes('\n') ? text : example;

export function endsValue(token: IToken): boolean {
  const { tokenType } = token;
  const literal = tokenType === t.NumberToken || tokenType === t.StringToken;
  return literal || t.isWord(token) || t.isCloser(token);
}
