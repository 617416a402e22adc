import { readFileSync, writeFileSync } from 'node:fs';
import { SspError } from '../../base/errors.js';
import { isRecord } from '../../base/own.js';
import { readJson } from '../../base/read-json.js';
import type { Artifact } from '../stage.js';
import { badArtifact } from './bad-artifact.js';
import type { Images } from './images.js';

/** Left, top, right, bottom, in pixels from 0; the last ones are not included. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

/** An object in an image. */
export interface BoxedObject {
  /** Its place in the list of classes. */
  readonly class: number;
  /** In pixels of the image file, as its annotation has it. */
  readonly box: Box;
  /** Counts neither for nor against a detector. */
  readonly difficult: boolean;
  readonly truncated: boolean;
}

/** The objects in an image, and where its file lies in the stored square. */
export interface BoxedImage {
  /** Of the image file, in pixels. */
  readonly width: number;
  readonly height: number;
  /** The part of the square that shows the file, in whole pixels. */
  readonly place: Box;
  readonly objects: readonly BoxedObject[];
}

/** What `boxes.json` beside images holds: an entry for each image, in their order. */
export interface Boxes {
  readonly classes: readonly string[];
  readonly images: readonly BoxedImage[];
}

/** A box of the image file where the stored square has it. */
export function inSquare({ width, height, place }: BoxedImage, box: Box): Box {
  const [x, y] = [(place[2] - place[0]) / width, (place[3] - place[1]) / height];
  const [left, top] = place;
  return [left + x * box[0], top + y * box[1], left + x * box[2], top + y * box[3]];
}

/** Writes `boxes.json`: a line for each image. */
export function writeBoxes(path: string, { classes, images }: Boxes): void {
  const head = JSON.stringify({ format: 'ssp-boxes', version: 2, classes });
  const lines = images.map(({ width, height, place, objects }) =>
    JSON.stringify({
      width,
      height,
      place,
      objects: objects.map(({ class: number, box, difficult, truncated }) => ({
        class: number,
        box,
        difficult,
        truncated,
      })),
    }),
  );
  writeFileSync(path, `${head.slice(0, -1)},"images":[\n${lines.join(',\n')}\n]}\n`);
}

/**
 * The boxes beside images.
 * @throws SspError `no-boxes` where there are none; `bad-artifact` that names the first image and box that is wrong.
 */
export function openBoxes(artifact: Artifact, images: Images): Boxes {
  if (!artifact.has('boxes.json')) {
    throw new SspError('no-boxes', 'the images have no boxes around objects', {
      help: 'Take a data set that has them: voc(…) or scenes(…), or a stage of your own that leaves boxes.json beside its images.',
    });
  }
  const read = readJson(readFileSync(artifact.file('boxes.json')));
  if ('fault' in read) throw bad(read.fault);
  const file = read.value;
  if (!isRecord(file) || file.format !== 'ssp-boxes' || file.version !== 2) {
    throw bad('does not say `"format": "ssp-boxes", "version": 2`');
  }
  const classes = file.classes;
  if (!isTexts(classes) || classes.length === 0) throw bad('has no list of names as `classes`');
  const twice = classes.find((name, at) => classes.indexOf(name) < at);
  if (twice !== undefined) throw bad(`has ${JSON.stringify(twice)} twice in \`classes\``);
  if (!Array.isArray(file.images)) throw bad('has no list `images`');
  if (file.images.length !== images.count) {
    throw bad(`has entries for ${file.images.length} images, but items.json names ${images.count}`);
  }
  const limits = { size: images.size, classes: classes.length };
  file.images.forEach((image: unknown, at) => {
    const fault = faultOfImage(image, limits);
    if (fault === undefined) return;
    throw bad(`gives image ${at} (${JSON.stringify(images.item(at).name)}) ${fault}`);
  });
  return { classes, images: file.images as readonly BoxedImage[] }; // checked above
}

interface Limits {
  readonly size: number;
  readonly classes: number;
}

function faultOfImage(image: unknown, limits: Limits): string | undefined {
  if (!isRecord(image)) return `${JSON.stringify(image)}, not an object`;
  const { width, height, place, objects } = image;
  if (!isLength(width) || !isLength(height)) return 'no whole `width` and `height` of its file';
  const { size } = limits;
  if (!isBox(place) || !isInside(place, size, size) || !place.every(Number.isInteger)) {
    return `the \`place\` ${JSON.stringify(place)}, which is no part of a square of ${size} px`;
  }
  if (!Array.isArray(objects)) return 'no list `objects`; an empty one is fine';
  for (const [at, object] of objects.entries()) {
    const fault = faultOfObject(object, width, height, limits);
    if (fault !== undefined) return `as object ${at} ${fault}`;
  }
  return undefined;
}

function faultOfObject(
  object: unknown,
  width: number,
  height: number,
  { classes }: Limits,
): string | undefined {
  if (!isRecord(object)) return `${JSON.stringify(object)}, not an object`;
  const { class: number, box, difficult, truncated } = object;
  if (!Number.isInteger(number) || Number(number) < 0 || Number(number) >= classes) {
    return `one of class ${JSON.stringify(number)}; classes are 0 to ${classes - 1}`;
  }
  if (!isBox(box) || !isInside(box, width, height)) {
    return `one with the box ${JSON.stringify(box)} in an image of ${width} x ${height}`;
  }
  if (typeof difficult !== 'boolean' || typeof truncated !== 'boolean') {
    return 'one that does not say whether it is `difficult` and `truncated`';
  }
  return undefined;
}

/** Annotations of PASCAL VOC end up to a pixel outside their image. */
export const outside = 1;

/** Whether a box has an area, and lies in an image. */
export function isInside([left, top, right, bottom]: Box, width: number, height: number): boolean {
  return (
    left >= -outside &&
    top >= -outside &&
    right <= width + outside &&
    bottom <= height + outside &&
    left < right &&
    top < bottom
  );
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

const isLength = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0;

const isBox = (value: unknown): value is Box =>
  Array.isArray(value) && value.length === 4 && value.every(Number.isFinite);

const bad = (found: string) => badArtifact('boxes.json', found);
