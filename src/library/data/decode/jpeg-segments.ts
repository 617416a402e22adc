/** A segment of a JPEG file. */
export interface Segment {
  readonly marker: number;
  /** Without marker and length. */
  readonly body: Uint8Array;
  /** Where the next one begins. */
  readonly end: number;
}

/** The segments that are there wholly, one after another, up to the first scan and with its own. */
export function* segmentsOf(bytes: Uint8Array): Generator<Segment, void> {
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return;
    const marker = bytes[at + 1] ?? 0;
    // Any number of fill bytes may stand before a marker; TEM and restarts have no length.
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else {
      const length = 256 * (bytes[at + 2] ?? 0) + (bytes[at + 3] ?? 0);
      const end = at + 2 + length;
      if (length < 2 || end > bytes.length) return;
      yield { marker, body: bytes.subarray(at + 4, end), end };
      if (marker === 0xda) return;
      at = end;
    }
  }
}

/** Whether the body of a segment begins with a text, of Latin-1. */
export function startsWith(body: Uint8Array, text: string): boolean {
  return Buffer.from(body.subarray(0, text.length)).toString('latin1') === text;
}
