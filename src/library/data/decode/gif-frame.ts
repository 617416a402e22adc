/** The part of a GIF's picture that its first frame covers. */
export interface GifFrame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where the first frame lies; undefined where the file has none. */
export function firstFrame(file: Uint8Array): GifFrame | undefined {
  const flags = file[10] ?? 0;
  let at = 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  while (file[at] === 0x21) {
    at += 2;
    for (let length = file[at++] ?? 0; length > 0; length = file[at++] ?? 0) at += length;
  }
  if (file[at] !== 0x2c || at + 9 > file.length) return undefined;
  const number = (from: number): number => (file[from] ?? 0) + 256 * (file[from + 1] ?? 0);
  const [left, top] = [number(at + 1), number(at + 3)];
  return { left, top, right: left + number(at + 5), bottom: top + number(at + 7) };
}
