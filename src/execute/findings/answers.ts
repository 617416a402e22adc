import { readFileSync } from 'node:fs';
import { SspError, systemCode } from '../../base/errors.js';
import { readNpy } from '../../base/files/npy.js';
import type { Blob, StageOutcome } from '../record.js';
import type { Store } from '../store/store.js';

/** What an evaluation answered of each image that it asked, by the predictions that it keeps. */
export interface Answers {
  /** Digest of what was asked of which images: answers of equal ones can be compared row by row. */
  readonly question: string;
  /** Of each image its place and its label. */
  readonly asked: Int32Array;
  /** Of each image the share of the predictions that are right: 0 or 1 where there is one. */
  readonly right: Float64Array;
}

/** The answers of a result by its id, or why there are none. */
export type ReadAnswers = (id: string) => Answers | string;

/** Reads answers from the files of results, each file once. */
export function answersOf(
  outcomes: readonly StageOutcome[],
  store: Pick<Store, 'blobPath'>,
): ReadAnswers {
  const files = new Map(outcomes.map(({ planned, record }) => [planned.id, record?.output.files]));
  const locked = new Set(
    outcomes.flatMap(({ planned, outcome }) => (outcome === 'locked' ? [planned.id] : [])),
  );
  const known = new Map<string, Answers | string>();
  return (id) => {
    const of = files.get(id) ?? {};
    const [rows, question] = [of['predictions.npy'], of['predictions.json']];
    if (locked.has(id)) return 'a lock has no predictions';
    if (!rows || !question) return 'no predictions are kept';
    const found = known.get(rows.digest) ?? read(rows, question, store);
    known.set(rows.digest, found);
    return found;
  };
}

function read(rows: Blob, question: Blob, store: Pick<Store, 'blobPath'>): Answers | string {
  try {
    // The question is told by its digest; that it is there says that the result is whole.
    readFileSync(store.blobPath(question.digest));
    return answersIn(question.digest, readNpy(store.blobPath(rows.digest), 'predictions.npy'));
  } catch (error) {
    if (!(error instanceof SspError) && systemCode(error) === undefined) throw error;
    return 'the predictions cannot be read';
  }
}

/** `predictions.npy` has for each image its place, its label and what was predicted, once or several times. */
function answersIn(
  question: string,
  { shape, data }: ReturnType<typeof readNpy>,
): Answers | string {
  const [images = 0, columns = 0] = shape;
  if (shape.length !== 2 || columns < 3 || !(data instanceof Int32Array)) {
    return 'the predictions cannot be read';
  }
  const asked = new Int32Array(images * 2);
  const right = new Float64Array(images);
  for (let row = 0; row < images; row++) {
    const at = row * columns;
    const label = data[at + 1] ?? -1;
    asked.set([data[at] ?? -1, label], row * 2);
    let hits = 0;
    for (let c = 2; c < columns; c++) if (data[at + c] === label) hits += 1;
    right[row] = hits / (columns - 2);
  }
  return { question, asked, right };
}
