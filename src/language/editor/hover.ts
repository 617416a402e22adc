import type { Span } from '../../base/source.js';
import { endOf } from '../lex/lex.js';
import { Colon, Dot, isWord } from '../lex/tokens.js';
import { nodePath } from './node-path.js';
import { describeAnnotation, describeTarget, joined } from './show.js';
import { occurrenceAt, originOf, type Snapshot } from './snapshot.js';
import { type StageStates, stateText } from './stage-state.js';
import { wordDoc } from './word-docs.js';

export interface Hover {
  readonly span: Span;
  /** Markdown. */
  readonly text: string;
}

/** What the word at an offset stands for; for a stage also what a run would do. */
export function hover(snapshot: Snapshot, offset: number, states?: StageStates): Hover | undefined {
  const occurrence = occurrenceAt(snapshot, offset);
  if (occurrence) {
    const parts = occurrence.targets.map((target) => {
      const state =
        target.kind === 'name' ? states?.get(originOf(target.symbol).name.text) : undefined;
      return joined(describeTarget(snapshot, target), state && stateText(state));
    });
    const text = [...new Set(parts)].filter((part) => part !== '').join('\n\n---\n\n');
    return text === '' ? undefined : { span: occurrence.span, text };
  }
  return annotationHover(snapshot, offset) ?? wordHover(snapshot, offset);
}

/** A keyword or a type: what it is in every file. */
function wordHover({ lexed, file }: Snapshot, offset: number): Hover | undefined {
  const at = lexed.tokens.findIndex((t) => t.startOffset <= offset && offset <= endOf(t));
  const [before, token, after] = [lexed.tokens[at - 1], lexed.tokens[at], lexed.tokens[at + 1]];
  // a key, a parameter and a field may be called like a keyword
  const isName = after?.tokenType === Colon || before?.tokenType === Dot;
  if (!token || !isWord(token) || isName) return undefined;
  const text = wordDoc(token.image);
  return text === undefined
    ? undefined
    : { span: { file, start: token.startOffset, end: endOf(token) }, text };
}

function annotationHover({ module }: Snapshot, offset: number): Hover | undefined {
  for (const { annotations } of module.declarations) {
    for (const { name } of annotations) {
      if (offset < name.span.start - 1 || offset > name.span.end) continue;
      const text = describeAnnotation(name.text);
      return text === '' ? undefined : { span: name.span, text };
    }
  }
  return undefined;
}

/** The module that an import names at an offset: `std.ssl`, or the path of a file. */
export function importedModuleAt(
  { module }: Snapshot,
  offset: number,
): { readonly span: Span; readonly library?: string; readonly file?: string } | undefined {
  const [declaration] = nodePath(module, offset);
  const found = module.declarations.find((d) => d === declaration);
  if (found?.kind !== 'import') return undefined;
  const { from } = found;
  if (from.kind === 'file') {
    const inside = from.span.start <= offset && offset <= from.span.end;
    return inside ? { span: from.span, file: from.path } : undefined;
  }
  const [first, last] = [from.path[0], from.path.at(-1)];
  if (!first || !last || offset < first.span.start || offset > last.span.end) return undefined;
  const span = { ...first.span, end: last.span.end };
  return { span, library: from.path.map((word) => word.text).join('.') };
}
