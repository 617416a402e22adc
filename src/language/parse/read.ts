import { diagnose } from '../../base/codes.js';
import type { Diagnostic } from '../../base/diagnostic.js';
import type { SourceFile } from '../../base/source.js';
import { blockCommentMistake, withoutBlockComments } from '../lex/block-comment.js';
import type { IToken } from '../lex/chevrotain.js';
import { endOf, type Lexed, lex } from '../lex/lex.js';
import { withoutConflicts } from '../lex/merge-conflict.js';
import { type Chunk, split } from '../lex/split.js';
import * as t from '../lex/tokens.js';
import { explainMistake, findMistake, sameLineMistake } from '../syntax-errors/explain-syntax.js';
import { strayMistake } from '../syntax-errors/stray.js';
import type { DeclarationCstNode } from './cst.gen.js';
import { grammar } from './grammar.js';
import type { Kept, Memory } from './memory.js';

/** One declaration as it was read: its syntax, or why there is none. */
export interface Piece {
  readonly chunk: Chunk;
  readonly tree: DeclarationCstNode | undefined;
  readonly mistake: Diagnostic | undefined;
  /** Where its text begins: behind the declaration before it. */
  readonly start: number;
  /** Whether it depends on its own text alone, so that a memory may keep it. */
  readonly alone: boolean;
  /** What was read of the same text before. */
  readonly kept: Kept | undefined;
}

/** The text of a declaration and of the comments before it. */
export function textOf(file: SourceFile, { start, chunk }: Piece): string {
  const last = chunk.tokens.at(-1);
  return file.text.slice(start, last === undefined ? start : endOf(last));
}

/** A file as its declarations. */
export interface Reading {
  readonly lexed: Lexed;
  /**
   * One after the other, each read when it is asked for: the syntax of a whole file is several times
   * larger than what is made of it.
   */
  readonly pieces: Iterable<Piece>;
  /** Those outside of declarations. */
  readonly mistakes: readonly Diagnostic[];
}

/** Reads a file declaration by declaration, those that are in the memory aside. */
export function read(file: SourceFile, memory?: Memory): Reading {
  const long = tooLong(file);
  if (long !== undefined) return long;
  const { text, mistakes } = withoutConflicts(file);
  const all = memory ? memory.lex(text) : lex(text);
  const { lexed, comments } = withoutBlockComments(file, all);
  // with a conflict the same text may be read in another way
  const pieces = piecesOf(file, lexed, mistakes.length === 0 ? memory : undefined);
  return { lexed, pieces, mistakes: [...mistakes, ...comments.map(blockCommentMistake)] };
}

function* piecesOf(file: SourceFile, lexed: Lexed, memory: Memory | undefined): Generator<Piece> {
  const chunks = split(file.text, lexed.tokens);
  let done = 0;
  let before: Diagnostic | undefined;
  for (const [index, chunk] of chunks.entries()) {
    const end = beginOf(file.text, chunks[index + 1]);
    const from = done;
    while ((lexed.strays[done]?.start ?? Number.POSITIVE_INFINITY) < end) done += 1;
    // one mistake may have torn a line in two: that the rest stands on it is no second mistake
    const torn = chunk.sameLine && before !== undefined;
    const last = chunks[index - 1]?.tokens.at(-1);
    const start = last === undefined ? 0 : endOf(last);
    const alone = from === done && !chunk.sameLine && last !== undefined && endsComments(last);
    const unread = { tree: undefined, mistake: undefined, kept: undefined };
    const piece: Piece = { chunk, start, alone, ...unread };
    const kept = alone ? memory?.claim(textOf(file, piece)) : undefined;
    const found = kept
      ? { ...piece, kept }
      : { ...piece, ...readChunk(file, chunk, lexed.strays.slice(from, done), torn) };
    before = torn ? before : found.mistake;
    yield found;
  }
  const left = lexed.strays[done];
  if (left !== undefined) {
    const chunk = { tokens: [], head: 0, sameLine: false };
    const mistake = strayMistake(file, left);
    const start = file.text.length;
    yield { chunk, tree: undefined, mistake, start, alone: false, kept: undefined };
  }
}

/** The most characters that a file may have: some 25,000 lines, whose tree takes about a gigabyte. */
const mostCharacters = 1_000_000;

/** A file that no person wrote is not read: its tree may not fit into memory. */
function tooLong(file: SourceFile): Reading | undefined {
  const { length } = file.text;
  if (length <= mostCharacters) return undefined;
  const count = (n: number) => n.toLocaleString('en-US');
  const mistake = diagnose(
    'syntax',
    { file, start: 0, end: 0 },
    { found: `${count(length)} characters`, expected: `at most ${count(mostCharacters)}` },
    { help: 'a file may `import` parts of a study from others' },
  );
  const chunk = { tokens: [], head: 0, sameLine: false };
  return {
    lexed: { tokens: [], comments: [], strays: [] },
    pieces: [{ chunk, tree: undefined, mistake, start: 0, alone: false, kept: undefined }],
    mistakes: [],
  };
}

/**
 * Whether what a comment behind the last token of a declaration documents does not depend on that
 * token: one behind an opening bracket or before a comma is about what comes next.
 */
function endsComments(last: IToken): boolean {
  return !t.isOpener(last) && last.tokenType !== t.Comma;
}

/** Where a declaration begins: with its line, or with its first token if others stand there too. */
function beginOf(text: string, chunk: Chunk | undefined): number {
  const first = chunk?.tokens[0];
  if (chunk === undefined || first === undefined) return Number.POSITIVE_INFINITY;
  return chunk.sameLine ? first.startOffset : text.lastIndexOf('\n', first.startOffset) + 1;
}

function readChunk(
  file: SourceFile,
  chunk: Chunk,
  strays: Lexed['strays'],
  torn: boolean,
): Pick<Piece, 'tree' | 'mistake'> {
  const early = findMistake(file, chunk, strays);
  if (early !== undefined) return { tree: undefined, mistake: early };
  if (torn) return { tree: undefined, mistake: undefined };
  grammar.input = [...withoutStar(chunk)];
  const tree = grammar.declaration() as DeclarationCstNode;
  const [error] = grammar.errors;
  const misplaced = chunk.sameLine ? sameLineMistake(file, chunk) : undefined;
  if (error === undefined) return { tree, mistake: misplaced };
  return { tree: undefined, mistake: misplaced ?? explainMistake(file, chunk, error) };
}

/** Without the `.*` of an import in other languages: what it was meant to take is told later. */
function withoutStar({ tokens, head }: Chunk): readonly IToken[] {
  const star = tokens.at(-1)?.tokenType === t.Star && tokens.at(-2)?.tokenType === t.Dot;
  const isImport = tokens[head]?.tokenType === t.declarationKeyword.import;
  return star && isImport ? tokens.slice(0, -2) : tokens;
}
