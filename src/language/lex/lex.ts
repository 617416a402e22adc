import type { SourceFile, Span } from '../../base/source.js';
import { type IToken, Lexer } from './chevrotain.js';
import { allTokens, Comment, DocComment } from './tokens.js';

/** A piece of text that begins no token. */
export interface Stray {
  readonly start: number;
  readonly end: number;
}

/** The tokens of a file, with comments apart; all in source order. */
export interface Lexed {
  readonly tokens: readonly IToken[];
  /** `//` and `///`. */
  readonly comments: readonly IToken[];
  readonly strays: readonly Stray[];
}

const lexer = new Lexer([...allTokens], {
  positionTracking: 'full', // the parser's places need the ends of tokens
  ensureOptimizations: true,
  // a test checks the definitions
  skipValidations: true,
});

/** Offset behind a token; Chevrotain's end is the last character. */
export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

/** Where a token, or the text from one token to another, stands. */
export function spanOf(file: SourceFile, first: IToken, last: IToken = first): Span {
  return { file, start: first.startOffset, end: endOf(last) };
}

/** Cuts a text into tokens; never fails. */
export function lex(text: string): Lexed {
  const result = lexer.tokenize(text);
  const tokens: IToken[] = [];
  const comments: IToken[] = [];
  for (const token of result.tokens) {
    const isComment = token.tokenType === Comment || token.tokenType === DocComment;
    (isComment ? comments : tokens).push(token);
  }
  const strays = result.errors.map((e) => ({ start: e.offset, end: e.offset + e.length }));
  return { tokens, comments, strays };
}
