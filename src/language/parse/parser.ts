import { diagnose } from '../../base/codes.js';
import type { Diagnostic } from '../../base/diagnostic.js';
import { textAt } from '../../base/fix.js';
import type { SourceFile } from '../../base/source.js';
import type { Declaration, Module } from '../ast.js';
import { docComments } from '../lex/doc-comments.js';
import { brokenDeclarations } from '../syntax-errors/broken.js';
import { tooDeep } from '../syntax-errors/explain-syntax.js';
import { buildDeclaration } from './build-ast.js';
import type { BuildContext } from './build-context.js';
import { tooDeepPart } from './depth.js';
import { type Memory, memory, recalled, recording } from './memory.js';
import { type Reading, read, textOf } from './read.js';

/**
 * The tree of a file and its mistakes of spelling and grammar, at most one for each declaration. A
 * declaration with a mistake is there as `broken`. Never throws, whatever the text is.
 */
export function parse(file: SourceFile): { module: Module; diagnostics: readonly Diagnostic[] } {
  return build(file, read(file));
}

/** A parser that reads again only what changed since it read that file last. */
export function rememberingParser(): typeof parse {
  const memories = new Map<string, Memory>();
  return (file) => {
    const known = memories.get(file.path) ?? memory();
    memories.set(file.path, known);
    known.turn();
    return build(file, read(file, known), known);
  };
}

/** The tree of what was read already. */
export function build(
  file: SourceFile,
  { lexed, pieces, mistakes }: Reading,
  known?: Memory,
): ReturnType<typeof parse> {
  const docs = docComments(file, lexed);
  const diagnostics: Diagnostic[] = [...mistakes];
  const declarations: Declaration[] = [];
  for (const piece of pieces) {
    if (piece.kept) {
      const kept = recalled(piece.kept, file, piece.start, docs);
      known?.keep(textOf(file, piece), kept);
      declarations.push(kept.declaration);
      continue;
    }
    if (piece.mistake !== undefined) diagnostics.push(piece.mistake);
    const recorded = recording(docs);
    const context: BuildContext = { file, docs: recorded.docs, mistakes: [] };
    const built = piece.tree && buildDeclaration(context, piece.tree);
    const deep = built && tooDeepPart(built);
    const mistake = context.mistakes[0] ?? (deep && tooDeep(deep));
    if (built !== undefined && mistake === undefined) {
      declarations.push(built);
      if (known && piece.mistake === undefined && piece.alone) {
        const { taken } = recorded;
        known.keep(textOf(file, piece), { declaration: built, start: piece.start, taken });
      }
      continue;
    }
    if (piece.mistake === undefined && mistake !== undefined) diagnostics.push(mistake);
    declarations.push(...brokenDeclarations(file, piece.chunk, docs));
  }
  for (const span of docs.unused()) {
    const text = textAt(span).replaceAll('///', '//');
    const fixes = [{ title: 'Make it an ordinary comment', edits: [{ span, text }] }];
    diagnostics.push(diagnose('stray-doc', span, {}, { fixes }));
  }
  return { module: { file, doc: docs.ofFile, declarations }, diagnostics };
}
