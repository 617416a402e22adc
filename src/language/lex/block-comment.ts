import { diagnose } from '../../base/codes.js';
import type { Diagnostic } from '../../base/diagnostic.js';
import { textAt } from '../../base/fix.js';
import type { SourceFile, Span } from '../../base/source.js';
import { endOf, type Lexed } from './lex.js';
import { BlockComment } from './tokens.js';

/** A comment of other languages, from one mark to the other or to the end of the text. */
export interface BlockCommentPart {
  /** What of it stands on its first line. */
  readonly first: Span;
  readonly whole: Span;
}

/** Takes comments of other languages out of the tokens, so that what stands around them is read. */
export function withoutBlockComments(
  file: SourceFile,
  lexed: Lexed,
): { readonly lexed: Lexed; readonly comments: readonly BlockCommentPart[] } {
  const comments: BlockCommentPart[] = [];
  for (const token of lexed.tokens) {
    const { tokenType, startOffset: start } = token;
    if (tokenType !== BlockComment || start < (comments.at(-1)?.whole.end ?? 0)) continue;
    const close = file.text.indexOf('*/', start + 2);
    const end = close < 0 ? file.text.length : close + 2;
    comments.push({ first: { file, start, end: endOf(token) }, whole: { file, start, end } });
  }
  if (comments.length === 0) return { lexed, comments };
  const outside = (at: number) =>
    !comments.some(({ whole }) => whole.start <= at && at < whole.end);
  return {
    lexed: {
      tokens: lexed.tokens.filter((token) => outside(token.startOffset)),
      comments: lexed.comments.filter((token) => outside(token.startOffset)),
      strays: lexed.strays.filter((stray) => outside(stray.start)),
    },
    comments,
  };
}

/** Says that there is no such comment, and makes it one that there is. */
export function blockCommentMistake({ first, whole }: BlockCommentPart): Diagnostic {
  const lines = textAt(whole)
    .replace(/^\/\*+/, '')
    .replace(/\*+\/$/, '')
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*\*?/, '').trim());
  const kept = lines.filter((line, i) => line !== '' || (i > 0 && i < lines.length - 1));
  const comment = kept.map((line) => `// ${line}`.trimEnd()).join('\n');
  const behind = whole.file.text.slice(whole.end).split(/\r?\n/, 1)[0] ?? '';
  const text = behind.trim() === '' || comment === '' ? comment : `${comment}\n`;
  const fixes = [{ title: 'Make it a comment with `//`', edits: [{ span: whole, text }] }];
  const help = 'a comment begins with `//` and ends with its line';
  return diagnose('block-comment', first, {}, { help, fixes });
}
