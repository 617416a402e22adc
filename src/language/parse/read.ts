import type { Diagnostic } from '../../base/diagnostic.js';
import type { SourceFile } from '../../base/source.js';
import { explainMistake, findMistake, sameLineMistake, strayMistake } from '../check/explain.js';
import type { DeclarationCstNode } from './cst.gen.js';
import { grammar } from './grammar.js';
import { type Lexed, lex } from './lex.js';
import { type Chunk, split } from './split.js';

/** One declaration as it was read: its syntax, or why there is none. */
export interface Piece {
  readonly chunk: Chunk;
  readonly tree: DeclarationCstNode | undefined;
  readonly mistake: Diagnostic | undefined;
}

/** Reads a file declaration by declaration. */
export function read(file: SourceFile): { lexed: Lexed; pieces: readonly Piece[] } {
  const lexed = lex(file.text);
  const chunks = split(file.text, lexed.tokens);
  const pieces: Piece[] = [];
  let done = 0;
  for (const [index, chunk] of chunks.entries()) {
    const end = beginOf(file.text, chunks[index + 1]);
    const from = done;
    while ((lexed.strays[done]?.start ?? Number.POSITIVE_INFINITY) < end) done += 1;
    // one mistake may have torn a line in two: that the rest stands on it is no second mistake
    const torn = chunk.sameLine && pieces.at(-1)?.mistake !== undefined;
    pieces.push(readChunk(file, chunk, lexed.strays.slice(from, done), torn));
  }
  const left = lexed.strays[done];
  if (left !== undefined) {
    const chunk = { tokens: [], head: 0, sameLine: false };
    pieces.push({ chunk, tree: undefined, mistake: strayMistake(file, left) });
  }
  return { lexed, pieces };
}

/** Where a declaration begins: with its line, or with its first token if others stand there too. */
function beginOf(text: string, chunk: Chunk | undefined): number {
  const first = chunk?.tokens[0];
  if (chunk === undefined || first === undefined) return Number.POSITIVE_INFINITY;
  return chunk.sameLine ? first.startOffset : text.lastIndexOf('\n', first.startOffset) + 1;
}

function readChunk(file: SourceFile, chunk: Chunk, strays: Lexed['strays'], torn: boolean): Piece {
  const early = findMistake(file, chunk, strays);
  if (early !== undefined) return { chunk, tree: undefined, mistake: early };
  grammar.input = [...chunk.tokens];
  const tree = grammar.declaration() as DeclarationCstNode;
  const [error] = grammar.errors;
  const misplaced = chunk.sameLine && !torn ? sameLineMistake(file, chunk) : undefined;
  if (error === undefined) return { chunk, tree, mistake: misplaced };
  const mistake = torn ? undefined : (misplaced ?? explainMistake(file, chunk, error));
  return { chunk, tree: undefined, mistake };
}
