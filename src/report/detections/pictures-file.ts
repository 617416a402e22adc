import { isRecord } from '../../base/own.js';
import { readJson } from '../../base/read-json.js';

/** Left, top, right, bottom, in pixels of the picture. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

/** A box that was found. */
export interface Found {
  readonly class: string;
  readonly score: number;
  /** Intersection over union with the object of its class that it overlaps with most. */
  readonly overlap: number;
  /** `right`, `nothing there`. */
  readonly verdict: string;
  readonly box: Box;
}

/** An object that is there. */
export interface Real {
  readonly class: string;
  readonly difficult: boolean;
  readonly found: boolean;
  readonly overlap: number;
  readonly box: Box;
}

/** An image with its boxes; the first box or object is what it is shown for. */
export interface Described {
  readonly image: string;
  /** The part of the square that shows the image. */
  readonly place: Box;
  readonly found: readonly Found[];
  readonly objects: readonly Real[];
  /** Boxes with as high a score that are not drawn. */
  readonly more: number;
}

/** Pictures of one kind. */
export interface Row {
  /** `best`, `worst`, `missed`. */
  readonly name: string;
  /** What the pictures are of: the first box that was found, or the first object. */
  readonly of: 'found' | 'objects';
  readonly pictures: readonly Described[];
}

export interface Rows {
  /** The least score of boxes that are drawn beside what a picture is of. */
  readonly least: number;
  readonly rows: readonly Row[];
}

/** The rows of `pictures.json`; undefined if it is something else. */
export function rowsIn(bytes: Buffer): Rows | undefined {
  const read = readJson(bytes, { repeated: true });
  if ('fault' in read || !isRecord(read.value)) return undefined;
  const { format, version, least, rows } = read.value;
  if (format !== 'ssp-detection-pictures' || version !== 1) return undefined;
  if (typeof least !== 'number' || !isListOf(rows, isRow)) return undefined;
  return { least, rows };
}

const isRow = (value: unknown): value is Row =>
  isRecord(value) &&
  typeof value.name === 'string' &&
  (value.of === 'found' || value.of === 'objects') &&
  isListOf(value.pictures, isDescribed);

const isDescribed = (value: unknown): value is Described =>
  isRecord(value) &&
  typeof value.image === 'string' &&
  isBox(value.place) &&
  value.place.every(Number.isInteger) &&
  isListOf(value.found, isFound) &&
  isListOf(value.objects, isReal) &&
  typeof value.more === 'number';

const isFound = (value: unknown): value is Found =>
  isMarked(value) && typeof value.score === 'number' && typeof value.verdict === 'string';

const isReal = (value: unknown): value is Real =>
  isMarked(value) && typeof value.difficult === 'boolean' && typeof value.found === 'boolean';

const isMarked = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isRecord(value) &&
  typeof value.class === 'string' &&
  typeof value.overlap === 'number' &&
  isBox(value.box);

const isBox = (value: unknown): value is Box =>
  Array.isArray(value) && value.length === 4 && value.every(Number.isFinite);

const isListOf = <T>(value: unknown, is: (one: unknown) => one is T): value is readonly T[] =>
  Array.isArray(value) && value.every(is);
