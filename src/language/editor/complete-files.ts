import type { IToken } from '../lex/chevrotain.js';
import { writeString } from '../lex/literals.js';
import type { Type } from '../types.js';
import type { Completion } from './completion.js';
import type { Cursor } from './cursor.js';

/** What lies in a folder, by its path from the file that is edited: folders end with `/`. */
export type FolderNames = (folder: string) => readonly string[];

/** Paths of files and folders in a text that is one: what lies in the folder that it names so far. */
export function fileCompletions(
  touched: IToken,
  { offset }: Cursor,
  namesIn: FolderNames,
): readonly Completion[] {
  const typed = touched.image.slice(1, offset - touched.startOffset);
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  return namesIn(folder).map((name, rank) => ({
    label: writeString(`${folder}${name}`),
    kind: 'file',
    rank,
  }));
}

/** Is the text at the cursor a path: in `file("…")`, behind `from`, in `reads`, or where a Folder is taken? */
export function isPath({ tokens, frames }: Cursor, expected: Type | undefined): boolean {
  const [frame] = frames;
  const opener = frame && tokens[frame.at - 1];
  if (frame?.opener.image === '(' && opener?.image === 'file') return true;
  if (expected?.kind === 'path' || expected?.kind === 'folder') return true;
  const before = tokens.at(-1)?.image;
  if (frames.length === 0) return before === 'from';
  const list = frame?.opener.image === '[' && tokens[frame.at - 1]?.image === ':';
  return list === true && tokens[frame.at - 2]?.image === 'reads';
}
