/** Folders and archives with these names are splits, as people call them. */
const splitNames: Readonly<Record<string, string>> = {
  train: 'train',
  training: 'train',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  test: 'test',
  testing: 'test',
};

/** Those that most data sets have, in the order in which they are told. */
export const usualSplits: readonly string[] = ['train', 'validation', 'test'];

/** Splits in the order in which they are told: the usual ones, then others by name. */
export function inSplitOrder(splits: Iterable<string>): readonly string[] {
  const given = new Set(splits);
  const others = [...given].filter((split) => !usualSplits.includes(split)).sort();
  return [...usualSplits.filter((split) => given.has(split)), ...others];
}

/** The split that a folder, an archive or a line of a list is called after, with or without a year: `train2017`. */
export function splitNamed(name: string): string | undefined {
  const plain = name.toLowerCase().replace(/[-_]?20\d\d$/, '');
  return Object.hasOwn(splitNames, plain) ? splitNames[plain] : undefined;
}
