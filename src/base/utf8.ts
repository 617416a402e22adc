import { isUtf8 } from 'node:buffer';

/** A byte of a file that belongs to no text in UTF-8. */
export interface StrayByte {
  readonly byte: number;
  /** How many characters of the text stand before it. */
  readonly offset: number;
}

/** The first byte that is not UTF-8; undefined where all are. */
export function strayByte(bytes: Uint8Array): StrayByte | undefined {
  if (isUtf8(bytes)) return undefined;
  // The longest beginning that is a text, or could be one if more came, has only good bytes.
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (couldBegin(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
  const before = text.decode(bytes.subarray(0, good), { stream: true });
  return { byte: bytes[startOf(bytes, good)] ?? 0, offset: before.length };
}

function couldBegin(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Where the character begins that is cut off or broken at an index. */
function startOf(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && start > at - 3 && !isUtf8(bytes.subarray(0, start))) start -= 1;
  return start;
}
