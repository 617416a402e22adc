import { own } from '../../base/own.js';
import type { DisplayNames } from '../../execute/record.js';
import { shownPoint } from '../shown.js';
import type { BoxedPicture, BoxedRow } from './boxed-pictures.js';

/** `boxes, encoder=random`. */
export function detectorLabel({ stage, point }: BoxedRow, names: DisplayNames): string {
  return [stage, shownPoint(point, names)].filter((part) => part !== '').join(', ');
}

/** What each kind of picture is. */
const WHAT: Readonly<Record<string, string>> = {
  best: 'boxes that are right, with the highest scores',
  worst: 'boxes that are wrong, with the highest scores',
  missed: 'objects that no box is right for, the largest',
};

/** `best: boxes that are right, with the highest scores`. */
export function rowTitle({ name }: BoxedRow): string {
  const what = own(WHAT, name);
  return what === undefined ? name : `${name}: ${what}`;
}

export const rowNote =
  'Each class in turn, no image twice. One repetition of each kind. IoU is the intersection over union with an object, or a box, of the same class.';

/** What is said of a box in a picture. */
export interface BoxText {
  /** What stands at the box: a number at one that was found, a letter at an object. */
  readonly mark: string;
  readonly text: string;
  /** Is it what the picture is shown for? */
  readonly isTold: boolean;
}

/** What is said of each box, what the picture is shown for first. */
export function boxTexts(picture: BoxedPicture, of: BoxedRow['of']): readonly BoxText[] {
  const found = picture.found.map(({ class: name, score, overlap, verdict }, at) => ({
    mark: String(at + 1),
    text: `${name}, score ${score.toFixed(2)}, IoU ${overlap.toFixed(2)}: ${verdict}`,
    isTold: of === 'found' && at === 0,
  }));
  const objects = picture.objects.map((object, at) => ({
    mark: letter(at),
    text: `${object.class}${object.difficult ? ', difficult' : ''}, ${object.found ? 'found' : 'not found'}, best IoU ${object.overlap.toFixed(2)}`,
    isTold: of === 'objects' && at === 0,
  }));
  return of === 'found' ? [...found, ...objects] : [...objects, ...found];
}

/** `and 12 more with a score of at least 0.50`; empty where all are drawn. */
export function moreText({ more }: BoxedPicture, least: number): string {
  if (more === 0) return '';
  return `and ${more} more with a score of at least ${least.toFixed(2)}`;
}

/** `A`, and after `Z` `AA`. */
export const letter = (at: number): string =>
  `${at < 26 ? '' : letter(Math.floor(at / 26) - 1)}${String.fromCharCode(65 + (at % 26))}`;
