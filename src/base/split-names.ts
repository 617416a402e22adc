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

/** The split that a folder, an archive or a line of a list is called after, with or without a year: `train2017`. */
export function splitNamed(name: string): string | undefined {
  const plain = name.toLowerCase().replace(/[-_]?20\d\d$/, '');
  return Object.hasOwn(splitNames, plain) ? splitNames[plain] : undefined;
}
