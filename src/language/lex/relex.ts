import type { IToken } from './chevrotain.js';
import { endOf, type Lexed, lex, type Stray } from './lex.js';

/** A text and its tokens. */
export interface LexedText {
  readonly text: string;
  readonly lexed: Lexed;
}

/**
 * The tokens of a text that is much like one before. No token goes over a line's end, so only the
 * lines between those that begin and those that end both texts are cut anew. The tokens before are
 * given up: those behind the change are moved in place.
 */
export function relex(before: LexedText, text: string): Lexed {
  const { lexed: old } = before;
  const from = sameStart(before.text, text);
  const rest = sameEnd(before.text, text, from);
  const [oldEnd, end] = [before.text.length - rest, text.length - rest];
  const middle = lex(text.slice(from, end));
  const by = end - oldEnd;
  return {
    tokens: spliced(old.tokens, middle.tokens, from, oldEnd, by),
    comments: spliced(old.comments, middle.comments, from, oldEnd, by),
    strays: [
      ...old.strays.filter((stray) => stray.end <= from),
      ...middle.strays.map((stray) => movedStray(stray, from)),
      ...old.strays.filter((s) => s.start >= oldEnd).map((stray) => movedStray(stray, by)),
    ],
  };
}

/** How long the lines are that both texts begin with. */
function sameStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return at === 0 ? 0 : a.lastIndexOf('\n', at - 1) + 1;
}

/** How long the lines are that both texts end with, where they differ from somewhere on. */
function sameEnd(a: string, b: string, from: number): number {
  const most = Math.min(a.length, b.length) - from;
  let count = 0;
  while (
    count < most &&
    a.charCodeAt(a.length - 1 - count) === b.charCodeAt(b.length - 1 - count)
  ) {
    count += 1;
  }
  const line = a.indexOf('\n', a.length - count);
  return line < 0 ? 0 : a.length - line - 1;
}

function spliced(
  old: readonly IToken[],
  middle: readonly IToken[],
  from: number,
  oldEnd: number,
  by: number,
): readonly IToken[] {
  const first = indexAt(old, from);
  const last = indexAt(old, oldEnd);
  for (const token of middle) move(token, from);
  if (by !== 0) for (let i = last; i < old.length; i++) move(old[i], by);
  return [...old.slice(0, first), ...middle, ...old.slice(last)];
}

/** The first token at an offset or behind it. */
function indexAt(tokens: readonly IToken[], offset: number): number {
  let [low, high] = [0, tokens.length];
  while (low < high) {
    const half = (low + high) >> 1;
    if ((tokens[half]?.startOffset ?? 0) < offset) low = half + 1;
    else high = half;
  }
  return low;
}

/** Only offsets are read of a token's places. */
function move(token: IToken | undefined, by: number): void {
  if (token === undefined) return;
  token.startOffset += by;
  token.endOffset = endOf(token) - 1;
}

function movedStray({ start, end }: Stray, by: number): Stray {
  return { start: start + by, end: end + by };
}
