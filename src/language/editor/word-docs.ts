import { own } from '../../base/own.js';
import type { declarationKeywords } from '../lex/tokens.js';

/** What begins a declaration, in a few words. */
export const keywordDocs: Readonly<Record<(typeof declarationKeywords)[number], string>> = {
  import: 'take names from the library, a file or a package',
  param: 'a value that `--set` changes',
  let: 'a value',
  axis: 'a name that stands for several values',
  dataset: 'a stage that makes Images, Pairs or Files',
  transform: 'Views, or a stage that makes Images, Pairs, Features or Files',
  train: 'a stage that makes an Encoder or Files',
  evaluate: 'a stage that makes Metrics or Files',
  report: 'a table made from results',
  expect: 'a claim about results',
  reference: 'published values to compare with',
  def: 'a reusable part',
  extern: 'a stage or value that is implemented elsewhere',
};

/** Other words of the language. */
const otherWords: ReadonlyMap<string, string> = new Map([
  ['return', 'what a `def` gives to its caller'],
  ['where', 'keeps those points of a stage: `train m = … where method is simclr`'],
  ['is', 'looks at a label: `seed is 1`, `seed is {1, 2}`'],
  ['if', 'one of two values: `if a then b else c`'],
  ['then', 'the value of an `if` whose condition holds'],
  ['else', 'the value of an `if` whose condition does not hold'],
  ['match', 'a value for each label of an axis or choice: `match method {simclr: 0.3, else: 0.1}`'],
  ['and', 'both conditions hold'],
  ['or', 'one of two conditions holds, or both'],
  ['not', 'the condition does not hold'],
  ['none', 'no value, for a parameter whose type ends in `?`'],
  ['true', 'a Bool'],
  ['false', 'a Bool'],
]);

const typeDocs: Readonly<Record<string, string>> = {
  Int: 'a whole number from -(2^53 - 1) to 2^53 - 1; `Int(1..)` has a bound',
  Float: 'a number of 64 bits; an Int is one too',
  Bool: '`true` or `false`',
  String: 'a text in double quotes',
  Path: 'a file: `file("pairs.csv")`; its content is in the key, its path is not',
  Folder: 'a folder, given by its path as a text; its content is in the key, its path is not',
  Fraction:
    'a share: `30%`; a plain number from -1 to 1 stands for one. A parameter takes 0 % to 100 % unless its type says otherwise: `Fraction(0.1%..1000%)`',
  Pixels: 'a size in an image: `64px`',
  Angle: 'an angle: `30deg`',
  Duration: 'a time: `90s`, `15min`, `12h`',
  Bytes: 'an amount of memory: `16GiB`',
  Range: 'two ends, both included: `Range[Float]` takes `0.2..1.0`',
  List: 'several values of one type: `List[Int]` takes `[1, 2, 3]`',
  Views: 'how an image is seen: made by `std.views` and by modules of your own',
  Backbone: 'a network: made by `std.backbone` and by modules of your own',
  Method: 'what a training learns from: made by `std.ssl` and by modules of your own',
  Optimizer: 'how weights are changed: made by `std.optim` and by modules of your own',
  Change:
    'how images are changed, more and more: made by `std.invariance` and by modules of your own',
  Epochs: 'some epochs of a training, whose encoders are kept: `every(10)`, `after([1, 2, 5])`',
  Schedule: 'how a rate changes over a training: made by `std.optim` and by modules of your own',
  Images:
    'images with a name, a split and labels each: two files, `images.npy` and `items.json`; `std.data.images` makes them of a folder of your own',
  Pairs: 'Images and which two of them belong together: a third file, `pairs.npy`',
  Encoder: 'a trained network: `encoder.safetensors` and `encoder.json`',
  Features:
    'a row of numbers for each of some images: `features.npy`. In a parameter, `Features[on]` also takes an encoder, for its features of the images that `on` takes',
  Files: 'whatever a stage leaves in its folder',
  Metrics: 'named numbers, the result of an evaluation: `Metrics{top1: Fraction}`',
  Axis: 'the name of an axis',
  Attribute: 'the name of an attribute of the images of another parameter: `Attribute[on]`',
  Split: 'the name of a split of the images of another parameter: `Split[on]`',
};

/** What a keyword or a type of the language is, in Markdown; none for other words. */
export function wordDoc(word: string): string | undefined {
  const said = (kind: string, doc: string | undefined) =>
    doc === undefined ? undefined : `\`${word}\`, a ${kind}: ${doc}.`;
  return (
    said('keyword', own<string>(keywordDocs, word)) ??
    said('word', otherWords.get(word)) ??
    said('type', own(typeDocs, word))
  );
}

/** The words that `wordDoc` knows. */
export const documentedWords: readonly string[] = [
  ...Object.keys(keywordDocs),
  ...otherWords.keys(),
  ...Object.keys(typeDocs),
];
