import type { IToken, TokenType } from './chevrotain.js';
import { endOf } from './lex.js';
import {
  At,
  bracketPairs,
  Colon,
  Comma,
  contextualWord,
  Dot,
  declarationKeyword,
  Equal,
  isCloser,
  isDeclarationKeyword,
  isName,
  isOpener,
  isWord,
  LBrace,
  LParen,
  NumberToken,
  operatorKeyword,
  StringToken,
  UnterminatedString,
} from './tokens.js';

/** The tokens of one declaration, annotations included. */
export interface Chunk {
  readonly tokens: readonly IToken[];
  /** Index of the token behind the annotations: the keyword, if the declaration is well-formed. */
  readonly head: number;
  /** Stands on the line of the declaration before it, which is a mistake. */
  readonly sameLine: boolean;
}

interface Open {
  tokens: IToken[];
  head: number;
  readonly sameLine: boolean;
  /** Has a text without an end, and not yet behind it the end of a bracket that began in it. */
  torn: boolean;
}

/** Has every bracket its own, and does no declaration begin in one that cannot hold any? */
function balanced(text: string, tokens: readonly IToken[]): boolean {
  const open: IToken[] = [];
  for (const [i, token] of tokens.entries()) {
    if (isOpener(token)) open.push(token);
    else if (isCloser(token) && !closes(token, open.pop())) return false;
    else if (open.length > 0 && isDeclarationKeyword(token) && inColumn1(text, token)) {
      const declares = isName(tokens[i + 1]) && tokens[i + 2]?.tokenType === Equal;
      if (declares && open.at(-1)?.tokenType !== LBrace) return false;
    }
  }
  return open.length === 0;
}

function closes(closer: IToken, opener: IToken | undefined): boolean {
  return opener !== undefined && bracketPairs.get(opener.tokenType) === closer.tokenType;
}

function inColumn1(text: string, token: IToken): boolean {
  return token.startOffset === 0 || text[token.startOffset - 1] === '\n';
}

/** After `.`, `is` and `not` any word is a field or a label. */
function isPlainWord(before: IToken | undefined): boolean {
  const type = before?.tokenType;
  return type === Dot || type === operatorKeyword.is || type === operatorKeyword.not;
}

/** Whether a keyword at a line's start inside brackets is a key or an item there. */
function isKey(next: IToken | undefined): boolean {
  return next?.tokenType === Colon || next?.tokenType === Comma || isCloser(next);
}

/**
 * Cuts a file's tokens into declarations, so that each can be parsed alone and a mistake in one
 * stays there. Outside brackets a declaration begins with a keyword or `@` at a line's start, or
 * with what looks like a misspelt one (`trian x = …`, `x = …`). If the file's brackets don't
 * balance, a keyword or `@` in column 1 closes everything that is open.
 */
export function split(text: string, tokens: readonly IToken[]): readonly Chunk[] {
  const chunks: Open[] = [];
  const recover = !balanced(text, tokens);
  let current: Open | undefined;
  let depth = 0;
  let inAnnotations = false;

  const begin = (token: IToken, sameLine: boolean) => {
    current = { tokens: [], head: 0, sameLine, torn: false };
    chunks.push(current);
    depth = 0;
    inAnnotations = token.tokenType === At;
  };

  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined) break;
    const before = tokens[index - 1];
    const next = tokens[index + 1];
    const keyword = isDeclarationKeyword(token);
    if (current === undefined) begin(token, false);
    else if (depth > 0) {
      const begins = token.tokenType === At || (keyword && !isKey(next));
      if (recover && inColumn1(text, token) && begins) begin(token, false);
    } else if (before === undefined || breaksBetween(text, before, token)) {
      const starts =
        keyword || token.tokenType === At || looksLikeHead(text, tokens, index, current);
      if (starts && !inAnnotations) begin(token, false);
    } else if (!inAnnotations && current.tokens.length - current.head > 1) {
      const member = isPlainWord(before) || afterExtern(current);
      if ((keyword && !member && next?.tokenType !== Colon) || token.tokenType === At) {
        begin(token, true);
      }
    }
    if (current === undefined) continue;
    if (inAnnotations && depth === 0) {
      const inside =
        token.tokenType === At ||
        before?.tokenType === At ||
        (token.tokenType === LParen && annotationName(current.tokens));
      if (!inside) {
        inAnnotations = false;
        current.head = current.tokens.length;
      }
    }
    current.tokens.push(token);
    current.torn ||= token.tokenType === UnterminatedString;
    if (isOpener(token)) depth += 1;
    else if (isCloser(token)) {
      if (depth === 0) current.torn = false;
      depth = Math.max(0, depth - 1);
    }
  }
  for (const chunk of chunks) {
    if (chunk === current && inAnnotations) chunk.head = chunk.tokens.length;
  }
  return chunks;
}

/** Is there a line break between two tokens? */
function breaksBetween(text: string, before: IToken, token: IToken): boolean {
  const at = text.indexOf('\n', endOf(before));
  return at >= 0 && at < token.startOffset;
}

function annotationName(tokens: readonly IToken[]): boolean {
  return isWord(tokens.at(-1)) && tokens.at(-2)?.tokenType === At;
}

/** `extern stage train`: the word behind `stage` is a (bad) name, not a second declaration. */
function afterExtern(chunk: Open): boolean {
  const head = chunk.tokens[chunk.head];
  return head?.tokenType === declarationKeyword.extern && chunk.tokens.length - chunk.head === 2;
}

/**
 * Whether a line's first token can belong to no expression: a value behind a value, two names in a
 * row, `name =`, or a `name:` that is not indented.
 */
function looksLikeHead(
  text: string,
  tokens: readonly IToken[],
  index: number,
  current: Open,
): boolean {
  const [before, token, next] = [tokens[index - 1], tokens[index], tokens[index + 1]];
  const head = current.tokens[current.head]?.tokenType;
  const second = current.tokens[current.head + 1]?.tokenType;
  // its first word may be misspelt
  const extern = head === declarationKeyword.extern || second === stage || second === value;
  if (current.tokens.length - current.head < (extern ? 3 : 2)) return false;
  // what follows a torn text may be anything
  if (current.torn) return false;
  if (extern && clauses.has(token?.tokenType)) return false;
  // a key of YAML: entries of a list whose bracket is missing are indented
  if (next?.tokenType === Colon && token && inColumn1(text, token)) return isWord(token);
  // an entry of a list whose bracket is missing
  if (next && (inLists.has(next.tokenType) || isCloser(next))) return false;
  if (beginsValue(token) && endsValue(before)) return true;
  if (!isName(token)) return false;
  if (isName(next)) return true;
  return next?.tokenType === Equal && before?.tokenType !== Dot;
}

const { stage, value } = contextualWord;
const inLists: ReadonlySet<TokenType> = new Set([Colon, Comma]);

const clauses: ReadonlySet<TokenType | undefined> = new Set([
  contextualWord.from,
  contextualWord.command,
  contextualWord.reads,
]);
const { true: yes, false: no, none } = operatorKeyword;
const literals: ReadonlySet<TokenType | undefined> = new Set([
  NumberToken,
  StringToken,
  UnterminatedString,
  yes,
  no,
  none,
]);

/** Brackets and `-` may go on with the value before them. */
function beginsValue(token: IToken | undefined): boolean {
  return isName(token) || literals.has(token?.tokenType);
}

function endsValue(token: IToken | undefined): boolean {
  return beginsValue(token) || isCloser(token);
}
