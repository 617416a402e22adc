import { diagnose } from '../../base/codes.js';
import type { Diagnostic } from '../../base/diagnostic.js';
import type { SourceFile } from '../../base/source.js';
import type { Declaration, Module } from '../ast.js';
import { tooDeep } from '../check/explain.js';
import { brokenDeclarations } from './broken.js';
import { buildDeclaration } from './build-ast.js';
import type { BuildContext } from './build-context.js';
import { tooDeepPart } from './depth.js';
import { docComments } from './doc-comments.js';
import { read } from './read.js';

/**
 * The tree of a file and its mistakes of spelling and grammar, at most one for each declaration. A
 * declaration with a mistake is there as `broken`. Never throws, whatever the text is.
 */
export function parse(file: SourceFile): { module: Module; diagnostics: readonly Diagnostic[] } {
  return build(file, read(file));
}

/** The tree of what was read already. */
export function build(
  file: SourceFile,
  { lexed, pieces }: ReturnType<typeof read>,
): ReturnType<typeof parse> {
  const docs = docComments(file, lexed);
  const diagnostics: Diagnostic[] = [];
  const declarations: Declaration[] = [];
  for (const piece of pieces) {
    if (piece.mistake !== undefined) diagnostics.push(piece.mistake);
    const context: BuildContext = { file, docs, mistakes: [] };
    const built = piece.tree && buildDeclaration(context, piece.tree);
    const deep = built && tooDeepPart(built);
    const mistake = context.mistakes[0] ?? (deep && tooDeep(deep));
    if (built !== undefined && mistake === undefined) {
      declarations.push(built);
      continue;
    }
    if (piece.mistake === undefined && mistake !== undefined) diagnostics.push(mistake);
    declarations.push(...brokenDeclarations(file, piece.chunk, docs));
  }
  for (const span of docs.unused()) diagnostics.push(diagnose('stray-doc', span));
  return { module: { file, doc: docs.ofFile, declarations }, diagnostics };
}
