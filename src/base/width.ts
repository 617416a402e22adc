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

/**
 * The text with a picture in the place of each control character (`␛`), as wide as it counts: what
 * stands in a file must not drive a terminal. Line breaks and tabs stay.
 */
export function visible(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, (control) => {
    const code = control.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : '\ufffd';
  });
}

/** The text with tabs as blanks up to the next multiple of four columns. */
export function expandTabs(text: string): string {
  return text
    .split('\t')
    .reduce((done, part) => done + ' '.repeat(tabWidth - (columnsOf(done) % tabWidth)) + part);
}
