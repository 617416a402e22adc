/** `1 point`, `3 points`: a number with its noun, whose plural has an s. */
export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;
