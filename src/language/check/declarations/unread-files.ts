import { diagnose } from '../../../base/codes.js';
import type { Fix } from '../../../base/diagnostic.js';
import { insert } from '../../../base/fix.js';
import type { Span } from '../../../base/source.js';
import type { ExternDeclaration } from '../../ast.js';
import type { OwnFiles } from '../../own-files.js';
import type { Context } from '../context.js';
import type { Word } from './split-command.js';

/** Warns of files beside the pipeline that a command names and that are not in its `reads`. */
export function checkUnreadFiles(
  { command, reads }: Pick<ExternDeclaration, 'command' | 'reads'>,
  words: readonly Word[],
  read: readonly { readonly path: string }[],
  files: OwnFiles,
  context: Context,
): void {
  if (!command) return;
  for (const name of new Set(words.flatMap(namesIn))) {
    const { path, inside } = files.at(name);
    const kind = files.found(path);
    // A folder is named for sure only where its name has a `/`: `test` may be any word.
    if (!inside || kind === undefined || (kind === 'folder' && !name.includes('/'))) continue;
    if (read.some((one) => path === one.path || path.startsWith(`${one.path}/`))) continue;
    const at = command.span.file.text.indexOf(name, command.span.start);
    const found = at >= 0 && at < command.span.end;
    const span = found ? { ...command.span, start: at, end: at + name.length } : command.span;
    const fixes = fixOf(name, reads, command.span);
    context.report(diagnose('file-not-in-reads', span, { path: name }, { fixes }));
  }
}

/** What of a word may name a file: all of it, what follows a `=`, and the words of a script in it. */
function namesIn(word: Word, i: number, words: readonly Word[]): readonly string[] {
  const text = textOf(word);
  if (text === undefined) return [];
  const [before] = i > 0 ? [textOf(words[i - 1] ?? [])] : [];
  const module = before === '-m' ? text.replaceAll('.', '/') : undefined;
  const parts = [text, ...text.split(/[\s'"=;|&<>()]+/)];
  const names = module === undefined ? parts : [`${module}.py`, `${module}/__main__.py`];
  return (
    names
      .map((name) => name.replace(/\/+$/, ''))
      .filter((name) => name !== '' && !/^(\/|-|\.{1,2}$)/.test(name))
      // A program without a `/` is looked for elsewhere.
      .filter((name) => i > 0 || name.includes('/'))
  );
}

/** The text of a word without parameters. */
function textOf(word: Word): string | undefined {
  const texts = word.map((part) => ('text' in part ? part.text : undefined));
  return texts.includes(undefined) ? undefined : texts.join('');
}

function fixOf(name: string, reads: ExternDeclaration['reads'], command: Span): readonly Fix[] {
  const item = JSON.stringify(name);
  if (reads === undefined) return [insert(command, command.end, `\n  reads: [${item}]`)];
  if (reads.kind !== 'list') return [];
  const last = reads.items.at(-1);
  if (last) return [insert(reads.span, last.span.end, `, ${item}`)];
  return [insert(reads.span, reads.span.start + 1, item)];
}
