import type { IToken } from '../lex/chevrotain.js';
import { endOf, type Lexed } from '../lex/lex.js';
import { split } from '../lex/split.js';
import {
  Comma,
  Dot,
  isCloser,
  isOpener,
  isWord,
  LBrace,
  LBracket,
  LParen,
  NumberToken,
  operatorKeyword,
  StringToken,
  UnterminatedString,
} from '../lex/tokens.js';

/** An opening bracket around the cursor. */
export interface Frame {
  readonly opener: IToken;
  /** Index of the opener among the tokens. */
  readonly at: number;
  /** Tokens since the opener or the last comma in it. */
  readonly segment: readonly IToken[];
  /** How many commas stand in it before the cursor. */
  readonly commas: number;
}

/** What stands around a place where somebody writes, as far as the text before it tells. */
export interface Cursor {
  readonly offset: number;
  /** The word, number or text that the cursor touches. */
  readonly touched: IToken | undefined;
  /** What a completion replaces. */
  readonly start: number;
  readonly end: number;
  /** The tokens of the declaration before `start`. */
  readonly tokens: readonly IToken[];
  /** Those behind `end`. */
  readonly behind: readonly IToken[];
  /** The keyword of the declaration, if it has one yet. */
  readonly head: IToken | undefined;
  /** Brackets around the cursor, innermost first. */
  readonly frames: readonly Frame[];
  /** Nothing but white space stands before it on its line. */
  readonly lineStart: boolean;
  readonly inComment: boolean;
}

/** Reads the place of a cursor from the tokens: the text around it need not be whole. */
export function cursorAt(text: string, lexed: Lexed, offset: number): Cursor {
  const inComment = lexed.comments.some((c) => c.startOffset < offset && offset <= endOf(c));
  const touched = lexed.tokens.find((token) => touches(token, offset));
  const start = touched?.startOffset ?? offset;
  const chunk = split(text, lexed.tokens).findLast(
    ({ tokens: [first] }) => first !== undefined && first.startOffset < start,
  );
  const tokens = chunk?.tokens.filter((token) => token.startOffset < start) ?? [];
  const end = touched && !isNumber(touched) ? endOf(touched) : offset;
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return {
    offset,
    touched,
    start,
    end,
    tokens,
    behind: chunk?.tokens.filter((token) => token.startOffset >= end) ?? [],
    head: chunk?.tokens[chunk.head],
    frames: framesOf(tokens),
    lineStart: before.trim() === '',
    inComment,
  };
}

export const isText = (token: IToken | undefined) =>
  token?.tokenType === StringToken || token?.tokenType === UnterminatedString;
export const isNumber = (token: IToken | undefined) => token?.tokenType === NumberToken;

function touches(token: IToken, offset: number): boolean {
  const end = endOf(token);
  if (isWord(token) || isNumber(token)) return token.startOffset < offset && offset <= end;
  const closed = token.tokenType === StringToken;
  return isText(token) && token.startOffset < offset && (closed ? offset < end : offset <= end);
}

function framesOf(tokens: readonly IToken[]): readonly Frame[] {
  const open: { at: number; from: number; commas: number }[] = [];
  for (const [at, token] of tokens.entries()) {
    if (isOpener(token)) open.push({ at, from: at + 1, commas: 0 });
    else if (isCloser(token)) open.pop();
    else if (token.tokenType === Comma) {
      const last = open.at(-1);
      if (last) Object.assign(last, { from: at + 1, commas: last.commas + 1 });
    }
  }
  return open.reverse().flatMap(({ at, from, commas }) => {
    const opener = tokens[at];
    return opener ? [{ opener, at, segment: tokens.slice(from), commas }] : [];
  });
}

/** Where the value that ends with a token begins: `budget` in `budget.lr`, `mean` in `mean(x)`. */
export function valueStart(tokens: readonly IToken[], end: number): number | undefined {
  let at = end;
  for (;;) {
    const token = tokens[at];
    if (token === undefined) return undefined;
    if (isCloser(token)) {
      const opener = openerOf(tokens, at);
      if (opener === undefined) return undefined;
      const before = tokens[opener - 1];
      const brace = tokens[opener]?.tokenType === LBrace;
      const suffix = !brace && before !== undefined && (isCloser(before) || isValueWord(before));
      if (!suffix) return opener;
      at = opener - 1;
      continue;
    }
    if (!isWord(token)) return isNumber(token) || isText(token) ? at : undefined;
    if (tokens[at - 1]?.tokenType !== Dot) return at;
    at -= 2;
  }
}

/** A word that may end a value, which `is`, `and` … do not. */
function isValueWord(token: IToken): boolean {
  const { true: yes, false: no, none } = operatorKeyword;
  const keyword = (Object.values(operatorKeyword) as readonly unknown[]).includes(token.tokenType);
  return isWord(token) && (!keyword || [yes, no, none].includes(token.tokenType));
}

function openerOf(tokens: readonly IToken[], closer: number): number | undefined {
  let depth = 0;
  for (let at = closer; at >= 0; at--) {
    const token = tokens[at];
    if (isCloser(token)) depth += 1;
    else if (isOpener(token) && --depth === 0) return at;
  }
  return undefined;
}

/** Whether a token ends a value, so that an operator may follow. */
export function endsValue(token: IToken | undefined): boolean {
  return (
    token !== undefined &&
    (isCloser(token) || isNumber(token) || isText(token) || isValueWord(token))
  );
}

/** The bracket opens arguments, a slice, or neither. */
export function frameKind(
  tokens: readonly IToken[],
  frame: Frame,
): 'call' | 'slice' | 'list' | 'braces' {
  const before = tokens[frame.at - 1];
  const follows = endsValue(before);
  if (frame.opener.tokenType === LParen) return follows ? 'call' : 'list';
  if (frame.opener.tokenType === LBracket) return follows ? 'slice' : 'list';
  return 'braces';
}
