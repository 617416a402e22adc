/** What an EXIF orientation asks for: rows become columns, then axes run backwards (0 is down, 1 right). */
export interface Turn {
  readonly swaps: boolean;
  readonly reversed: readonly number[];
}

export function turnOf(orientation: number): Turn {
  return turns[orientation] ?? { swaps: false, reversed: [] };
}

const turns: Readonly<Record<number, Turn>> = {
  2: { swaps: false, reversed: [1] },
  3: { swaps: false, reversed: [0, 1] },
  4: { swaps: false, reversed: [0] },
  5: { swaps: true, reversed: [] },
  6: { swaps: true, reversed: [1] },
  7: { swaps: true, reversed: [0, 1] },
  8: { swaps: true, reversed: [0] },
};
