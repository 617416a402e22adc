import type { Diagnostic } from '../../base/diagnostic.js';
import { SspError } from '../../base/errors.js';
import { positionOf, type SourceFile } from '../../base/source.js';
import type { IToken } from '../lex/chevrotain.js';
import { Comma, declarationKeyword, isCloser, isOpener } from '../lex/tokens.js';
import { build } from '../parse/parser.js';
import { type Piece, type Reading, read } from '../parse/read.js';
import { layoutFile } from './format-layout.js';
import { rolesOf } from './format-roles.js';
import { formatTree } from './format-tree.js';

/**
 * The text in its one canonical layout: two spaces a level, lines up to 100 columns, a trailing
 * comma where brackets are broken over lines. A record with a line break behind its bracket stays
 * broken. Comments stay, and so do blank lines, at most one at a time, the byte order mark, and the
 * line ends that most lines have. A file with mistakes keeps its text; they are returned. Throws `format-unsafe` rather than
 * change what a file says.
 */
export function format(file: SourceFile): {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
} {
  const source = readWhole(file);
  const diagnostics = build(file, source).diagnostics.filter((d) => d.severity === 'error');
  if (diagnostics.length > 0) return { text: file.text, diagnostics };
  const { lexed, pieces } = source;
  const roles = rolesOf(pieces.flatMap((piece) => piece.tree ?? []));
  const text = likeBefore(file.text, layoutFile(formatTree(file.text, lexed, roles), roles));
  compare(file, source, readWhole({ path: file.path, text }));
  return { text, diagnostics };
}

/** With the line ends and the byte order mark that the text had. */
function likeBefore(before: string, text: string): string {
  const breaks = before.split('\n').length - 1;
  const windows = before.split('\r\n').length - 1;
  const ended = windows * 2 > breaks ? text.replaceAll('\n', '\r\n') : text;
  return before.startsWith('\ufeff') ? `\ufeff${ended}` : ended;
}

interface Whole extends Reading {
  readonly pieces: readonly Piece[];
}

function readWhole(file: SourceFile): Whole {
  const reading = read(file);
  return { ...reading, pieces: [...reading.pieces] };
}

/** Throws unless both files have the same tokens, commas at ends aside, and the same comments. */
function compare(before: SourceFile, old: Whole, now: Whole): void {
  const [oldTokens, nowTokens] = [essential(old.pieces), essential(now.pieces)];
  const different =
    difference(oldTokens, nowTokens) ?? difference(old.lexed.comments, now.lexed.comments);
  const counts = old.pieces.length === now.pieces.length && now.pieces.every((p) => p.tree);
  if (different === undefined && counts) return;
  const { line } = positionOf(before, different?.startOffset ?? 0);
  throw new SspError(
    'format-unsafe',
    `${before.path}:${line}: formatting would change what the file says; expected the same tokens and comments`,
    { help: 'the file is as it was; please report it as a bug of `ssp fmt`' },
  );
}

/** Without commas in front of closing brackets and between the entries of a reference. */
function essential(pieces: readonly Piece[]): readonly IToken[] {
  return pieces.flatMap(({ chunk: { tokens, head } }) => {
    const reference = tokens[head]?.tokenType === declarationKeyword.reference;
    let depth = 0;
    return tokens.filter((token, i) => {
      if (isOpener(token)) depth += 1;
      else if (isCloser(token)) depth -= 1;
      if (token.tokenType !== Comma) return true;
      return !isCloser(tokens[i + 1]) && !(reference && depth === 1);
    });
  });
}

function difference(a: readonly IToken[], b: readonly IToken[]): IToken | undefined {
  const at = a.findIndex((token, i) => token.image.trimEnd() !== b[i]?.image.trimEnd());
  return at < 0 ? b[a.length] && a.at(-1) : a[at];
}
