import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { bytesOfName } from '../../../base/files/file-name.js';

/**
 * Where the bytes of an image file are: a file, a part of one (as in an archive), or in memory. In a path stands
 * what is no text as `textOfName` writes it.
 */
export type ImageSource =
  | string
  | { readonly path: string; readonly start: number; readonly length: number }
  | Uint8Array;

/** The bytes of a source; fewer where a file ends before its part does. Throws what Node throws. */
export function readSource(source: ImageSource): Uint8Array {
  if (source instanceof Uint8Array) return source;
  if (typeof source === 'string') return readFileSync(bytesOfName(source));
  const file = openSync(bytesOfName(source.path), 'r');
  try {
    const bytes = Buffer.allocUnsafe(source.length);
    let read = 0;
    while (read < source.length) {
      const more = readSync(file, bytes, read, source.length - read, source.start + read);
      if (more === 0) break;
      read += more;
    }
    return bytes.subarray(0, read);
  } finally {
    closeSync(file);
  }
}
