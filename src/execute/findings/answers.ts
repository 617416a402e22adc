import { readFileSync } from 'node:fs';
import { SspError, systemCode } from '../../base/errors.js';
import { readNpy } from '../../base/files/npy.js';
import type { Blob, StageOutcome } from '../record.js';
import type { Store } from '../store/store.js';

/** What an evaluation answered of each image that it asked, by the predictions that it keeps. */
export interface Answers {
  /** What was asked of which images: the same object for all answers that can be compared row by row. */
  readonly asked: Asked;
  /** Of each image the share of the predictions that are right. */
  readonly right: Float64Array;
  /** Is every share 0 or 1, as where each image was asked once? */
  readonly isOnce: boolean;
}

interface Asked {
  /** Digest of what was asked of which images. */
  readonly question: string;
  /** Of each image its place and its label. */
  readonly images: Int32Array;
}

/** The answers of a result by its id, or why there are none. */
export type ReadAnswers = (id: string) => Answers | string;

/** The files of the predictions that a result keeps. */
interface Kept {
  readonly rows: Blob;
  readonly question: Blob;
}

/** What results keep of predictions, by their ids, or why there is nothing. */
export function keptPredictions(outcomes: readonly StageOutcome[]): (id: string) => Kept | string {
  const known = new Map(outcomes.map((outcome) => [outcome.planned.id, keptBy(outcome)]));
  return (id) => known.get(id) ?? 'no predictions are kept';
}

function keptBy({ record, outcome }: StageOutcome): Kept | string | undefined {
  if (outcome === 'locked') return 'a lock has no predictions';
  const of = record?.output.files ?? {};
  const [rows, question] = [of['predictions.npy'], of['predictions.json']];
  return rows && question && { rows, question };
}

/** Reads answers from the files of results, each file once. */
export function answersOf(
  kept: ReturnType<typeof keptPredictions>,
  store: Pick<Store, 'blobPath'>,
): ReadAnswers {
  const known = new Map<string, Answers | string>();
  const questions: Asked[] = [];
  /** What was asked already, if it is the same. */
  const asked = (one: Asked): Asked => {
    const same = questions.find((other) => isSame(one, other));
    if (same === undefined) questions.push(one);
    return same ?? one;
  };
  return (id) => {
    const of = kept(id);
    if (typeof of === 'string') return of;
    const { rows, question } = of;
    const found = known.get(rows.digest) ?? read(rows, question, { store, asked });
    known.set(rows.digest, found);
    return found;
  };
}

const isSame = (a: Asked, b: Asked): boolean =>
  a.question === b.question &&
  a.images.length === b.images.length &&
  a.images.every((number, i) => number === b.images[i]);

interface Reading {
  readonly store: Pick<Store, 'blobPath'>;
  readonly asked: (one: Asked) => Asked;
}

function read(rows: Blob, question: Blob, { store, asked }: Reading): Answers | string {
  try {
    // The question is told by its digest; that it is there says that the result is whole.
    readFileSync(store.blobPath(question.digest));
    const found = rowsIn(readNpy(store.blobPath(rows.digest), 'predictions.npy'));
    if (found === undefined) return 'the predictions cannot be read';
    const { images, right } = found;
    const isOnce = right.every((share) => share === 0 || share === 1);
    return { asked: asked({ question: question.digest, images }), right, isOnce };
  } catch (error) {
    if (!(error instanceof SspError) && systemCode(error) === undefined) throw error;
    return 'the predictions cannot be read';
  }
}

/** `predictions.npy` has for each image its place, its label and what was predicted, once or several times. */
function rowsIn({ shape, data }: ReturnType<typeof readNpy>) {
  const [count = 0, columns = 0] = shape;
  if (shape.length !== 2 || columns < 3 || !(data instanceof Int32Array)) return undefined;
  const images = new Int32Array(count * 2);
  const right = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const at = row * columns;
    const label = data[at + 1] ?? -1;
    images[row * 2] = data[at] ?? -1;
    images[row * 2 + 1] = label;
    let hits = 0;
    for (let c = 2; c < columns; c++) if (data[at + c] === label) hits += 1;
    right[row] = hits / (columns - 2);
  }
  return { images, right };
}
