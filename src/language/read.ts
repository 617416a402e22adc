import type { Diagnostic } from '../base/diagnostic.js';
import type { SourceFile } from '../base/source.js';
import type { DeclarationCstNode } from './cst.gen.js';
import { explainMistake, findMistake, sameLineMistake, strayMistake } from './explain.js';
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
    const end = chunks[index + 1]?.tokens[0]?.startOffset ?? Number.POSITIVE_INFINITY;
    const from = done;
    while ((lexed.strays[done]?.start ?? Number.POSITIVE_INFINITY) < end) done += 1;
    // behind a stray `;` there is no second message about what follows it
    const after = pieces.at(-1)?.mistake?.code === 'unexpected-character';
    pieces.push(readChunk(file, chunk, lexed.strays.slice(from, done), after));
  }
  const left = lexed.strays[done];
  if (left !== undefined) {
    const chunk = { tokens: [], head: 0, sameLine: false };
    pieces.push({ chunk, tree: undefined, mistake: strayMistake(file, left) });
  }
  return { lexed, pieces };
}

function readChunk(
  file: SourceFile,
  chunk: Chunk,
  strays: Lexed['strays'],
  afterStray: boolean,
): Piece {
  const early = findMistake(file, chunk, strays);
  if (early !== undefined) return { chunk, tree: undefined, mistake: early };
  grammar.input = [...chunk.tokens];
  const tree = grammar.declaration() as DeclarationCstNode;
  const [error] = grammar.errors;
  const misplaced = chunk.sameLine && !afterStray ? sameLineMistake(file, chunk) : undefined;
  if (error === undefined) return { chunk, tree, mistake: misplaced };
  return { chunk, tree: undefined, mistake: misplaced ?? explainMistake(file, chunk, error) };
}
