import { positionOf } from '../../base/source.js';
import { preludeDocs } from '../../language/editor/prelude-docs.js';
import { code, describeAnnotation, describeTarget, joined } from '../../language/editor/show.js';
import { snapshotOf } from '../../language/editor/snapshot.js';
import { documentedWords, wordDoc } from '../../language/editor/word-docs.js';
import { foldedText } from '../../language/lex/source-text.js';
import type { Extern } from '../../language/program.js';
import type { Io } from '../io.js';
import { fileHost } from '../study/file-host.js';

/**
 * What a file declares under a name, as an editor says it, and where to ask on; the file may have
 * mistakes. Undefined for one of the stages and values of `shown`, which are told at length.
 */
export function declarationText(
  io: Io,
  file: string,
  name: string,
  shown: readonly Extern[],
): string | undefined {
  const snapshot = snapshotOf(fileHost(io), file);
  const symbol = snapshot?.open.symbols.find((declared) => declared.name.text === name);
  if (!snapshot || !symbol) return undefined;
  const { meaning, declaration } = symbol;
  if (meaning?.kind === 'extern' && shown.some((e) => e.name === meaning.extern.name)) return;
  const { line } = positionOf(snapshot.file, symbol.name.span.start);
  const text = joined(
    plainText(describeTarget(snapshot, { kind: 'name', symbol })),
    `Declared in ${file}:${line}: ${clipped(foldedText(declaration.span))}`,
  );
  if (meaning?.kind !== 'stage') return text;
  return joined(
    text,
    `\`ssp plan ${file}\` says what would run, \`ssp why ${file} ${name}\` what its keys are made of.`,
  );
}

/** What the language has under a name in every file: `mean`, `table`, `@gpu`. */
export function builtInText(name: string): string | undefined {
  const annotation = describeAnnotation(name.replace(/^@/, ''));
  if (annotation !== '' && (name.startsWith('@') || !Object.hasOwn(preludeDocs, name))) {
    return plainText(annotation);
  }
  const known = Object.hasOwn(preludeDocs, name) ? preludeDocs[name] : undefined;
  return known ? plainText(joined(code(known.signature), known.doc)) : wordDoc(name);
}

/** Names that `builtInText` knows, for suggestions. */
export const builtInNames: readonly string[] = [...Object.keys(preludeDocs), ...documentedWords];

const clipped = (text: string): string => (text.length <= 200 ? text : `${text.slice(0, 199)}…`);

/** Markdown for a terminal: code stands indented instead of between fences. */
function plainText(markdown: string): string {
  return markdown.replaceAll(/^```ssp\n([\s\S]*?)\n```$/gm, (_, inside: string) =>
    inside.replaceAll(/^/gm, '  '),
  );
}
