import { isLfsPointer, LFS_POINTER } from './files/lfs-pointer.js';
import { conflictIn } from './merge-conflicts.js';
import { strayByte } from './utf8.js';

/**
 * The text of a list in UTF-8, without the mark that may begin it; or what it is instead, and how it becomes
 * one. Nor is a text one in which a merge has left a conflict.
 */
export function utf8Text(
  bytes: Uint8Array,
): { readonly text: string } | { readonly fault: string } {
  if (isLfsPointer(bytes)) return { fault: `it ${LFS_POINTER}` };
  const [first, second] = bytes;
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isMarked || (bytes.length > 1 && (first === 0) !== (second === 0))) {
    const encoding = isMarked ? 'utf-16' : first === 0 ? 'utf-16be' : 'utf-16le';
    return { fault: `it is UTF-16; \`iconv -f ${encoding} -t utf-8\` makes UTF-8 of it` };
  }
  const stray = strayByte(bytes);
  if (stray === undefined) {
    const text = new TextDecoder().decode(bytes);
    const fault = conflictIn(text);
    return fault === undefined ? { text } : { fault };
  }
  const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).slice(0, stray.offset);
  const line = before.split('\n').length;
  const byte = stray.byte.toString(16).toUpperCase().padStart(2, '0');
  return {
    fault: `line ${line}: the byte ${byte} is not UTF-8; \`iconv -f latin1 -t utf-8\` makes it of Latin 1`,
  };
}
