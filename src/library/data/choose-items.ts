import { counted } from '../../base/counted.js';
import { SspError } from '../../base/errors.js';
import { nearest } from '../../base/nearest.js';
import { oneLine } from '../../base/plain-text.js';
import { writtenOtherwise } from '../../base/written-otherwise.js';
import { permutation } from '../../tensor/permutation.js';
import { createRng } from '../../tensor/rng.js';
import type { Item } from '../artifact/items.js';
import { noClass } from '../artifact/no-class.js';
import { badClassList, linesOfClassList } from './class-list.js';

/** Which images are taken, before any is decoded. */
export interface Choice {
  /** Path of a list of classes, one a line; null: all. */
  readonly classes: string | null;
  /** Images of each class in split `train`; null: all. */
  readonly perClass: number | null;
  readonly seed: number;
}

/**
 * The classes of a list that has one a line, in the order that the data set has them. `named` gives all
 * names of a class, such as its WordNet id and its words.
 * @throws SspError `bad-class-list` that names each line that is no class, may be several, or is there twice.
 */
export function chooseClasses(
  classes: readonly string[],
  list: string | null,
  named: (name: string) => readonly string[] = (name) => [name],
): readonly string[] {
  if (list === null) return classes;
  const classesOf = new Map<string, string[]>();
  for (const name of classes) {
    for (const alias of new Set([name, ...named(name)])) {
      const before = classesOf.get(alias);
      if (before === undefined) classesOf.set(alias, [name]);
      else before.push(name);
    }
  }
  const lines = new Map<string, number>();
  const faults: string[] = [];
  for (const { text, line } of linesOfClassList(list)) {
    // A list may have words after a WordNet id: `n01440764 tench`.
    const found = classesOf.get(text) ?? classesOf.get(/^(n\d{8})[\s,]/.exec(text)?.[1] ?? '');
    const [name, other] = found ?? [];
    const before = name === undefined ? undefined : lines.get(name);
    if (name === undefined) faults.push(`line ${line}: ${unknown(text, [...classesOf.keys()])}`);
    else if (other !== undefined) {
      faults.push(`line ${line}: ${text} may be ${found?.join(' or ')}`);
    } else if (before !== undefined) {
      faults.push(`line ${line}: ${text} stands on line ${before} already`);
    } else lines.set(name, line);
  }
  if (faults.length > 0) throw badClassList(list, faults);
  if (lines.size === 0) throw badClassList(list, ['it names no class']);
  return classes.filter((name) => lines.has(name));
}

/** What an image is chosen by. */
export type Choosable = Pick<Item, 'name' | 'split' | 'attributes'>;

/**
 * The places of the images that are taken: those of the classes, and of these in split `train` as many of each class as
 * `perClass` says. They are the first in an order that the seed draws for each class, so that the 50
 * of `per_class: 50` are among the 157 of `per_class: 157`; those that are known to be `unreadable` are passed over.
 * @throws SspError `too-few-of-class` that names the classes with fewer, of which some may have images in other splits alone.
 */
export function chooseItems(
  items: readonly Choosable[],
  perClass: number | null,
  seed: number,
  unreadable: ReadonlySet<number> = new Set(),
): readonly number[] {
  if (perClass === null) return items.map((_, index) => index);
  const members = trainMembers(items);
  const few = fewOf(members, perClass, unreadable);
  if (few.length > 0) throw tooFew(few, perClass, unreadable.size > 0);
  const taken = new Set<number>();
  for (const [name, all] of members) {
    const order = permutation(createRng(seed, 'per_class', name), all.length);
    const readable = [...order].flatMap((place) => {
      const index = all[place] ?? -1;
      return unreadable.has(index) ? [] : [index];
    });
    for (const index of readable.slice(0, perClass)) taken.add(index);
  }
  return items.flatMap(({ split }, index) =>
    split !== 'train' || taken.has(index) ? [index] : [],
  );
}

/** Images of each class in split `train`; none of a class that has them in other splits alone. */
export function trainMembers(items: readonly Choosable[]): ReadonlyMap<string, readonly number[]> {
  const members = new Map<string, number[]>();
  items.forEach(({ split, attributes }, index) => {
    const name = attributes.class ?? '';
    if (split !== 'train' && name === noClass) return;
    const alike = members.get(name) ?? [];
    members.set(name, alike);
    if (split === 'train') alike.push(index);
  });
  return members;
}

/** Classes that have fewer than `perClass` images that can be read, as far as is known, and how many. */
export const fewOf = (
  members: ReadonlyMap<string, readonly number[]>,
  perClass: number,
  unreadable: ReadonlySet<number>,
): readonly (readonly [name: string, count: number])[] =>
  [...members]
    .map(([name, all]) => [name, all.filter((index) => !unreadable.has(index)).length] as const)
    .filter(([, count]) => count < perClass);

function tooFew(
  few: readonly (readonly [string, number])[],
  perClass: number,
  isRead: boolean,
): SspError {
  const shown = few.slice(0, 5).map(([name, count]) => `${oneLine(name)} has ${count}`);
  const more = few.length > shown.length ? ` and ${few.length - shown.length} more` : '';
  const fewest = few.reduce((least, [, count]) => Math.min(least, count), perClass);
  const have = few.length === 1 ? '1 class has' : `${few.length} classes have`;
  const less = fewest > 0 ? `give \`per_class: ${fewest}\` or less, or ` : '';
  const readable = isRead ? ' that can be read' : '';
  return new SspError(
    'too-few-of-class',
    `${have} fewer than ${counted(perClass, 'image')}${readable} in split \`train\`: ${shown.join(', ')}${more}`,
    { help: `${less}leave these classes out with \`classes\`` },
  );
}

function unknown(text: string, known: readonly string[]): string {
  const none = `there is no class ${JSON.stringify(text)}`;
  const same = writtenOtherwise(text, known);
  if (same !== undefined) return `${none}; ${same}`;
  const near = nearest(text, known);
  return near === undefined ? none : `${none}; did you mean ${near}?`;
}
