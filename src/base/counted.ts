/** `1 point`, `3 points`: a number with its noun, whose plural has an s. */
export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

/** The verb of so many: `1 of the 40 images is left out`, `3 of the 40 images are`. */
export const verbOf = (count: number, one = 'is', many = 'are'): string =>
  count === 1 ? one : many;

/** What is said of one (`is empty`, `has no end`), said of so many: `are empty`. */
export const saidOf = (count: number, said: string): string =>
  count === 1 ? said : said.replace(/^is /, 'are ').replace(/^has /, 'have ');
