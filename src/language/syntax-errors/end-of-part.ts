import type { IToken } from '../lex/chevrotain.js';
import { isCloser, isOpener } from '../lex/tokens.js';

/**
 * The index behind the part of a text that begins at one: of what closes the brackets around it, of the
 * first token outside of inner brackets that `ends` it, or the end.
 */
export function endOfPart(
  tokens: readonly IToken[],
  from: number,
  ends: (token: IToken, at: number) => boolean,
): number {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    const token = tokens[i];
    if (!token) break;
    if (isOpener(token)) depth += 1;
    else if (isCloser(token)) depth -= 1;
    if (depth < 0 || (depth === 0 && ends(token, i))) return i;
  }
  return tokens.length;
}
