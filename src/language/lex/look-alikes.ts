/** Cyrillic and Greek letters that are drawn like Latin ones, in pairs. */
const pairs =
  'аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwАAВBЕEКKМMНHОOРPСCТTУYХXІIЈJЅS' +
  'αaοoνvρpιiκkυuχxωwΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXıiɡgɑa';

const drawnLike: ReadonlyMap<string, string> = new Map(
  Array.from(pairs.matchAll(/(.)(.)/gu), ([, alien = '', latin = '']) => [alien, latin]),
);

const partOfWord = /^[\p{L}\p{M}\p{N}_]$/u;
const longest = 100;

/**
 * The word around a character as it seems to be meant, in plain letters and digits; undefined when
 * it has a character that looks like none of these.
 */
export function plainWord(text: string, at: number): string | undefined {
  let start = at;
  while (start > 0 && at - start < longest && partOfWord.test(text[start - 1] ?? '')) start -= 1;
  let plain = '';
  for (const character of text.slice(start, start + 2 * longest)) {
    if (!partOfWord.test(character)) break;
    // Full-width and mathematical letters have a plain form.
    plain += drawnLike.get(character) ?? character.normalize('NFKC');
  }
  return /^[A-Za-z0-9_]+$/.test(plain) ? plain : undefined;
}
