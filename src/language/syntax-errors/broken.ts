import { nearest } from '../../base/nearest.js';
import { cover, type SourceFile } from '../../base/source.js';
import type { BrokenDeclaration, Name } from '../ast.js';
import type { IToken } from '../lex/chevrotain.js';
import type { DocComments } from '../lex/doc-comments.js';
import { spanOf } from '../lex/lex.js';
import type { Chunk } from '../lex/split.js';
import {
  Colon,
  contextualWord,
  Dot,
  declarationKeyword,
  declarationKeywords,
  Equal,
  isDeclarationKeyword,
  isName,
  isWord,
  LBrace,
  Minus,
  StringToken,
} from '../lex/tokens.js';

/**
 * Stands for a declaration that cannot be read. Its name, or the names that an import takes, stay
 * declared, so that their uses cause no further messages.
 */
export function brokenDeclarations(
  file: SourceFile,
  chunk: Chunk,
  docs: DocComments,
): readonly BrokenDeclaration[] {
  const [first] = chunk.tokens;
  const last = chunk.tokens.at(-1);
  if (first === undefined || last === undefined) return [];
  const span = cover(spanOf(file, first), spanOf(file, last));
  const doc = docs.take(first.startOffset);
  docs.drop(span.start, span.end);
  const head = chunk.tokens[chunk.head];
  const declared = declaredNames(file, chunk.tokens.slice(chunk.head));
  const names = declared.length === 0 ? [undefined] : declared;
  return names.map((name) => {
    return { kind: 'broken', name, nameless: !name && declares(head), doc, annotations: [], span };
  });
}

/** The tokens of a declared name that has hyphens: `my - group` without gaps; none for another. */
export function hyphenated(tokens: readonly IToken[]): readonly IToken[] {
  const parts: IToken[] = [];
  const extern = tokens[0]?.tokenType === declarationKeyword.extern;
  for (const token of tokens.slice(extern ? 2 : 1)) {
    const before = parts.at(-1);
    const fits = parts.length % 2 === 0 ? isWord(token) : token.tokenType === Minus;
    if (!fits || (before && before.startOffset + before.image.length < token.startOffset)) break;
    parts.push(token);
  }
  if (parts.length % 2 === 0) parts.pop();
  return parts.length > 1 ? parts : [];
}

/** Does a declaration with this first word have a name? */
function declares(head: IToken | undefined): boolean {
  return isDeclarationKeyword(head) && !nameless.has(head?.image ?? '');
}

const nameless: ReadonlySet<string> = new Set(['import', 'expect', 'reference']);

function declaredNames(file: SourceFile, tokens: readonly IToken[]): readonly Name[] {
  const nameOf = (token: IToken): Name => ({ text: token.image, span: spanOf(file, token) });
  const [head, second, third] = tokens;
  const keyword = isDeclarationKeyword(head)
    ? head?.image
    : nearest(head?.image ?? '', declarationKeywords);
  if (keyword === 'import') return importedNames(tokens.slice(1)).map(nameOf);
  if (keyword === 'expect' || keyword === 'reference') return [];
  // `axis as "Pairs" = …`: what readers see of a name that is missing.
  const isShown = second?.tokenType === contextualWord.as && third?.tokenType === StringToken;
  if (isDeclarationKeyword(head) && isShown) return [];
  if (isDeclarationKeyword(head) || isName(second)) {
    const extern =
      second?.tokenType === contextualWord.value || second?.tokenType === contextualWord.stage;
    const name = extern && isName(third) ? third : second;
    const hyphens = hyphenated(tokens);
    if (name !== undefined && hyphens[0] === name) return hyphenNames(file, hyphens);
    const word = extern && !isName(third) ? undefined : name;
    return word !== undefined && isName(word) ? [nameOf(word)] : [];
  }
  const named = second?.tokenType === Equal || second?.tokenType === Colon;
  return head !== undefined && isName(head) && named ? [nameOf(head)] : [];
}

/** What `my-group` may be called where it is used: its parts, and both together. */
function hyphenNames(file: SourceFile, parts: readonly IToken[]): readonly Name[] {
  const words = parts.filter(isName).map((token) => token.image);
  const [first] = parts;
  const last = parts.at(-1);
  if (!first || !last) return [];
  const span = spanOf(file, first, last);
  return [...words, words.join('_'), words.join('')].map((text) => ({ text, span }));
}

/** The names in braces, or behind the last dot; `a as b` is `b`. */
function importedNames(tokens: readonly IToken[]): readonly IToken[] {
  const open = tokens.findLastIndex((t) => t.tokenType === LBrace || t.tokenType === Dot);
  const rest = tokens.slice(open + 1);
  return rest.filter((token, i) => {
    return isName(token) && token.tokenType !== as && rest[i + 1]?.tokenType !== as;
  });
}

const { as } = contextualWord;
