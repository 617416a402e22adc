import type { Lexed } from './lex.js';
import { BlockComment } from './tokens.js';

/** What stands in a comment of other languages is no second mistake. */
export function withoutBlockComments(text: string, lexed: Lexed): Lexed {
  const inside: { readonly start: number; readonly end: number }[] = [];
  for (const { tokenType, startOffset } of lexed.tokens) {
    if (tokenType !== BlockComment || startOffset < (inside.at(-1)?.end ?? 0)) continue;
    inside.push({ start: startOffset, end: endOfBlockComment(text, startOffset) });
  }
  if (inside.length === 0) return lexed;
  const outside = (at: number) => !inside.some(({ start, end }) => start < at && at < end);
  return {
    tokens: lexed.tokens.filter((token) => outside(token.startOffset)),
    comments: lexed.comments.filter((token) => outside(token.startOffset)),
    strays: lexed.strays.filter((stray) => outside(stray.start)),
  };
}

/** Behind the closing mark of a comment that begins at an offset, or at the end of the text. */
export function endOfBlockComment(text: string, start: number): number {
  const close = text.indexOf('*/', start + 2);
  return close < 0 ? text.length : close + 2;
}
