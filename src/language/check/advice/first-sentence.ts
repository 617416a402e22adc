/** The first sentence of a documentation text in one line; its first paragraph if none ends in it. */
export function firstSentence(doc: string): string {
  const [paragraph = ''] = doc.trim().split(/\n\s*\n/);
  const line = paragraph.replaceAll(/\s+/g, ' ');
  // the point of "et al. 2020" and "v1.5" ends no sentence: the next begins with a capital
  const [sentence] = /^.*?[.!?]["`)]*(?= [\p{Lu}`"(]|$)/u.exec(line) ?? [line];
  return sentence;
}
