import { SspError } from '../../base/errors.js';
import { nearest } from '../../base/nearest.js';
import { permutation } from '../../tensor/permutation.js';
import { createRng } from '../../tensor/rng.js';
import type { Item } from '../artifact/items.js';
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
 * @throws SspError `bad-class-list` that names each line that is no class or is there twice.
 */
export function chooseClasses(
  classes: readonly string[],
  list: string | null,
  named: (name: string) => readonly string[] = (name) => [name],
): readonly string[] {
  if (list === null) return classes;
  const classOf = new Map(classes.flatMap((name) => named(name).map((alias) => [alias, name])));
  const lines = new Map<string, number>();
  const faults: string[] = [];
  for (const { text, line } of linesOfClassList(list)) {
    // A list may have words after the id: `n01440764 tench`.
    const name = classOf.get(text) ?? classOf.get(text.split(/[\s,]/)[0] ?? '');
    const before = name === undefined ? undefined : lines.get(name);
    if (name === undefined) faults.push(`line ${line}: ${unknown(text, classOf.keys())}`);
    else if (before !== undefined) {
      faults.push(`line ${line}: ${text} stands on line ${before} already`);
    } else lines.set(name, line);
  }
  if (faults.length > 0) throw badClassList(list, faults);
  if (lines.size === 0) throw badClassList(list, ['it names no class']);
  return classes.filter((name) => lines.has(name));
}

/**
 * The places of the images that are taken: those of the classes, and of these in split `train` as many of each class as
 * `perClass` says. They are the first in an order that the seed draws for each class, so that the 50
 * of `per_class: 50` are among the 157 of `per_class: 157`.
 * @throws SspError `too-few-of-class` that names the classes with fewer.
 */
export function chooseItems(
  items: readonly Pick<Item, 'name' | 'split' | 'attributes'>[],
  perClass: number | null,
  seed: number,
): readonly number[] {
  if (perClass === null) return items.map((_, index) => index);
  const members = new Map<string, number[]>();
  items.forEach(({ split, attributes }, index) => {
    if (split !== 'train') return;
    const name = attributes.class ?? '';
    const alike = members.get(name);
    if (alike) alike.push(index);
    else members.set(name, [index]);
  });
  const few = [...members].filter(([, all]) => all.length < perClass);
  if (few.length > 0) throw tooFew(few, perClass);
  const taken = new Set<number>();
  for (const [name, all] of members) {
    const order = permutation(createRng(seed, 'per_class', name), all.length);
    for (const place of order.subarray(0, perClass)) taken.add(all[place] ?? -1);
  }
  return items.flatMap(({ split }, index) =>
    split !== 'train' || taken.has(index) ? [index] : [],
  );
}

function tooFew(
  few: readonly (readonly [string, readonly number[]])[],
  perClass: number,
): SspError {
  const shown = few.slice(0, 5).map(([name, { length }]) => `${name} has ${length}`);
  const more = few.length > shown.length ? ` and ${few.length - shown.length} more` : '';
  const fewest = Math.min(...few.map(([, { length }]) => length));
  return new SspError(
    'too-few-of-class',
    `${few.length} classes have fewer than ${perClass} images in split \`train\`: ${shown.join(', ')}${more}`,
    { help: `give \`per_class: ${fewest}\` or less, or leave these classes out with \`classes\`` },
  );
}

function unknown(text: string, known: Iterable<string>): string {
  const near = nearest(text, known);
  return `there is no class ${JSON.stringify(text)}${near === undefined ? '' : `; did you mean ${near}?`}`;
}
