const tabWidth = 4;

/** Scripts whose letters take two columns, and pictures. */
const wide =
  /^(?:\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303f\uff01-\uff60\uffe0-\uffe6])$/u;
/** Marks and joiners, which take none. */
const narrow = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** How many columns of a terminal a text takes, tabs expanded; exact enough to point at things. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (character === '\t') columns += tabWidth - (columns % tabWidth);
    else if (narrow.test(character)) continue;
    else columns += wide.test(character) ? 2 : 1;
  }
  return columns;
}

/** The text with tabs as blanks up to the next multiple of four columns. */
export function expandTabs(text: string): string {
  return text
    .split('\t')
    .reduce((done, part) => done + ' '.repeat(tabWidth - (columnsOf(done) % tabWidth)) + part);
}
