/*
 * Names of files are bytes. As a text they stand as UTF-8; a byte that is not part of it stands as one
 * of the lone surrogates U+DC80 to U+DCFF, as in Python, so that every name has a text and comes back.
 */

const ESCAPED = /[\udc80-\udcff]/u;
const LONE = /\p{Surrogate}/u;

/** The text of a name. */
export function textOfName(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd') || Buffer.from(text).equals(bytes)) return text;
  let escaped = '';
  for (let at = 0; at < bytes.length; ) {
    const character = characterAt(bytes, at);
    escaped += character ?? String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
    at += character === undefined ? 1 : Buffer.byteLength(character);
  }
  return escaped;
}

/** The character whose UTF-8 stands there, if one does. */
function characterAt(bytes: Buffer, at: number): string | undefined {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length += 1) {
    const part = bytes.subarray(at, at + length);
    const text = part.toString('utf8');
    if ([...text].length === 1 && Buffer.from(text).equals(part)) return text;
  }
  return undefined;
}

/** The bytes of a name, or of a path. */
export function bytesOfName(text: string): Buffer {
  if (!ESCAPED.test(text)) return Buffer.from(text);
  const parts = [...text].map((character) =>
    ESCAPED.test(character) ? Buffer.of(character.charCodeAt(0) - 0xdc00) : Buffer.from(character),
  );
  return Buffer.concat(parts);
}

/** Most characters of a relative name and of one part of it that a file system takes. */
const LONGEST = 4096;
const LONGEST_PART = 255;

/**
 * Is it the relative name of a file: parts between `/`, none empty, `.` or `..`, and nothing that no
 * file system takes? Only such a name of a store becomes part of a path.
 */
export function isRelativeName(name: string): boolean {
  if (name.length > LONGEST || name.includes('\0')) return false;
  if (LONE.test(name) && LONE.test(name.replaceAll(/[\udc80-\udcff]/gu, ''))) return false;
  return name
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && part.length <= LONGEST_PART);
}

/** Is it the name of one folder or file, without others around it? */
export const isFolderName = (name: string): boolean => !name.includes('/') && isRelativeName(name);
