import { positionOf, type SourceFile } from '../../base/source.js';
import { endOf } from '../lex/lex.js';
import { isCloser, isOpener } from '../lex/tokens.js';
import type { Snapshot } from './snapshot.js';

export interface Fold {
  /** Lines, counted from 1. */
  readonly first: number;
  readonly last: number;
  readonly kind: 'imports' | 'comment' | 'region';
}

/** What an editor can fold: brackets and comments over several lines, and the block of imports. */
export function folding({ file, lexed, module }: Snapshot): readonly Fold[] {
  const folds: Fold[] = [];
  const add = (first: number, last: number, kind: Fold['kind']) => {
    if (last > first) folds.push({ first, last, kind });
  };
  const open: number[] = [];
  for (const token of lexed.tokens) {
    if (isOpener(token)) open.push(token.startOffset);
    if (!isCloser(token)) continue;
    const start = open.pop();
    // the closing bracket stays visible
    if (start !== undefined) add(line(file, start), line(file, token.startOffset) - 1, 'region');
  }
  for (const { span } of module.declarations) {
    const first = line(file, span.start);
    if (!folds.some((fold) => fold.first === first)) add(first, line(file, span.end), 'region');
  }
  const imports = module.declarations.filter((d) => d.kind === 'import');
  const [top, bottom] = [imports[0], imports.at(-1)];
  if (top && bottom) add(line(file, top.span.start), line(file, bottom.span.end), 'imports');
  let from: number | undefined;
  let to = 0;
  for (const comment of lexed.comments) {
    const at = line(file, comment.startOffset);
    const alone = /^\s*$/.test(before(file, comment.startOffset));
    if (!alone) continue;
    if (from !== undefined && at === to + 1) to = at;
    else {
      if (from !== undefined) add(from, to, 'comment');
      from = at;
      to = line(file, endOf(comment));
    }
  }
  if (from !== undefined) add(from, to, 'comment');
  return folds;
}

function line(file: SourceFile, offset: number): number {
  return positionOf(file, offset).line;
}

function before(file: SourceFile, offset: number): string {
  return file.text.slice(file.text.lastIndexOf('\n', offset - 1) + 1, offset);
}
