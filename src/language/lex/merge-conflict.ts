import { diagnose } from '../../base/codes.js';
import type { Diagnostic } from '../../base/diagnostic.js';
import { endOfConflict, type Line, linesOf, mayConflict } from '../../base/merge-conflicts.js';
import { positionOf, type SourceFile, type Span } from '../../base/source.js';

/**
 * Takes what a merge left out of a text, so that the rest is read: the markers, and of each conflict
 * all but its first side. Blanks stand instead, so that every place stays where it is.
 */
export function withoutConflicts(file: SourceFile): {
  readonly text: string;
  readonly mistakes: readonly Diagnostic[];
} {
  if (!mayConflict(file.text)) return { text: file.text, mistakes: [] };
  const mistakes: Diagnostic[] = [];
  const lines = linesOf(file.text);
  const out: Line[] = [];
  let after = 0;
  for (const [i, line] of lines.entries()) {
    if (i < after || line.mark === undefined) continue;
    const end = line.mark === '<' ? endOfConflict(lines, i) : undefined;
    const conflict = lines.slice(i, (end ?? i) + 1);
    after = i + conflict.length;
    const second = conflict.findIndex(({ mark }) => mark === '|' || mark === '=');
    out.push(line, ...(end === undefined ? [] : conflict.slice(second)));
    mistakes.push(mistakeOf(file, conflict));
  }
  return { text: blanked(file.text, out), mistakes };
}

/** What to do with a conflict, or with a marker that is left of one. */
function mistakeOf(file: SourceFile, conflict: readonly Line[]): Diagnostic {
  const [first] = conflict;
  const span: Span = { file, start: first?.start ?? 0, end: first?.end ?? 0 };
  const from = positionOf(file, span.start).line;
  const many = conflict.length > 1;
  const lines = many ? `lines ${from} to ${from + conflict.length - 1}` : `line ${from}`;
  const away = (of: readonly Line[]) => [{ span: wholeLines(file, of), text: '' }];
  if (!many) {
    const fixes = [{ title: 'Remove the marker', edits: away(conflict) }];
    return diagnose('merge-conflict', span, { lines }, { help: 'remove the marker', fixes });
  }
  const ours = conflict.findIndex(({ mark }) => mark === '|' || mark === '=');
  const theirs = conflict.findIndex(({ mark }) => mark === '=');
  const fixes = [
    {
      title: 'Keep the first side',
      edits: [...away(conflict.slice(0, 1)), ...away(conflict.slice(ours))],
    },
    {
      title: 'Keep the second side',
      edits: [...away(conflict.slice(0, theirs + 1)), ...away(conflict.slice(-1))],
    },
  ];
  const help = 'keep one side, or put both together, and remove the markers';
  return diagnose('merge-conflict', span, { lines }, { help, fixes });
}

/** The lines with their breaks. */
function wholeLines(file: SourceFile, lines: readonly Line[]): Span {
  const end = lines.at(-1)?.end ?? 0;
  const next = file.text.indexOf('\n', end);
  return { file, start: lines[0]?.start ?? 0, end: next < 0 ? file.text.length : next + 1 };
}

function blanked(text: string, lines: readonly Line[]): string {
  let result = '';
  let done = 0;
  for (const { start, end } of lines) {
    result += text.slice(done, start) + ' '.repeat(end - start);
    done = end;
  }
  return result + text.slice(done);
}
