import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MatValue, readMatFile } from './mat-file.js';
import { malformed, type PublishedSet } from './published-set.js';
import { namesOf, readWords } from './words.js';

/** What is known of ImageNet's classes and of its validation images beside their folders. */
export interface ImageNetLabels {
  /** The class of a validation image by its number, from 1; undefined where no file says it. */
  readonly classOf: ((image: number) => string | undefined) | undefined;
  /** Words of the classes. */
  readonly words: ReadonlyMap<string, readonly string[]>;
}

const devkit = 'ILSVRC2012_devkit_t12/data';
const truth = 'ILSVRC2012_validation_ground_truth.txt';

/**
 * Labels of the development kit (`meta.mat` and the ground truth, unpacked in its folder or beside the
 * images), or those of Kaggle's `LOC_val_solution.csv` and `LOC_synset_mapping.txt`.
 * @throws SspError `data-damaged`.
 */
export function readLabels(root: string, set: PublishedSet): ImageNetLabels {
  const find = (name: string): string | undefined =>
    [join(root, devkit, name), join(root, name)].find((path) => existsSync(path));
  const meta = find('meta.mat');
  const ids = meta === undefined ? undefined : readSynsets(meta, set);
  const mapping = find('LOC_synset_mapping.txt');
  const words = ids?.words ?? (mapping === undefined ? new Map() : readWords(mapping));
  const numbers = find(truth);
  if (numbers !== undefined && ids !== undefined) {
    return { classOf: fromTruth(numbers, ids.wnids, set), words };
  }
  const solution = find('LOC_val_solution.csv');
  return { classOf: solution === undefined ? undefined : fromSolution(solution), words };
}

function readSynsets(path: string, set: PublishedSet) {
  let synsets: MatValue | undefined;
  try {
    ({ synsets } = readMatFile(readFileSync(path)));
  } catch (error) {
    throw malformed(
      path,
      `is no MATLAB 5 file: ${error instanceof Error ? error.message : error}`,
      set,
    );
  }
  const wnids = new Map<number, string>();
  const words = new Map<string, readonly string[]>();
  for (const synset of Array.isArray(synsets) ? synsets : []) {
    if (typeof synset === 'number') continue;
    const [id] = Array.isArray(synset.ILSVRC2012_ID) ? synset.ILSVRC2012_ID : [];
    const { WNID: wnid, words: text } = synset;
    if (typeof id !== 'number' || typeof wnid !== 'string') continue;
    wnids.set(id, wnid);
    if (typeof text === 'string') words.set(wnid, namesOf(text));
  }
  if (wnids.size === 0) throw malformed(path, 'has no `synsets` with ILSVRC2012_ID and WNID', set);
  return { wnids, words };
}

/** A line for each image in the order of their numbers, with the number of its class. */
function fromTruth(path: string, wnids: ReadonlyMap<number, string>, set: PublishedSet) {
  const classes = readFileSync(path, 'utf8')
    .trim()
    .split(/\s+/)
    .map((text, at) => {
      const wnid = wnids.get(Number(text));
      if (wnid !== undefined) return wnid;
      throw malformed(
        path,
        `has ${JSON.stringify(text)} on line ${at + 1}, no class of meta.mat`,
        set,
      );
    });
  return (image: number) => classes[image - 1];
}

/** Lines `ILSVRC2012_val_00048981,n03995372 85 1 499 272`. */
function fromSolution(path: string) {
  const classes = new Map<number, string>();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [, image, wnid] = /^ILSVRC2012_val_(\d{8}),(n\d{8})\b/.exec(line) ?? [];
    if (wnid !== undefined) classes.set(Number(image), wnid);
  }
  return (image: number) => classes.get(image);
}
