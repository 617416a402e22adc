import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { invariant, SspError } from '../../base/errors.js';
import type { NamedTensors } from '../named-tensors.js';
import { loadTensors, saveTensors } from '../stored-tensors.js';
import { tf } from '../tf.js';
import { stateOf, type TrainingState, tensorsByName } from './train-step.js';

/** One row of a history: `epoch` counts from 1. */
export type HistoryRow = Readonly<Record<string, number>>;

/**
 * A training after some steps. What is random in a step and which data it sees follow from its number,
 * so this is all of it.
 */
export interface Checkpoint {
  readonly state: TrainingState;
  /** Steps done. */
  readonly steps: number;
  /** A row for each whole epoch. */
  readonly history: readonly HistoryRow[];
  /** Of the epoch that has begun: sums over its steps of what a row gives the means of. */
  readonly sums: HistoryRow;
  /** Data-set images seen. */
  readonly images: number;
}

/** The checkpoint of a folder: a file that is replaced, never changed. */
export const checkpointFile = (folder: string): string => join(folder, name);

const name = 'checkpoint.safetensors';
const format = 'ssp-checkpoint/4';

/**
 * Writes the checkpoint of a folder, in the place of the last one: killed at any instant, the
 * folder holds one of the two whole.
 */
export function writeCheckpoint(folder: string, { state, ...progress }: Checkpoint): void {
  const tensors = tensorsByName(state);
  for (const [key, { dtype }] of Object.entries(tensors)) {
    invariant(dtype === 'float32', `a checkpoint holds float32, and ${key} is ${dtype}`);
  }
  const fresh = join(folder, `${name}.new`);
  const text = JSON.stringify(progress);
  saveTensors(fresh, tensors, { format, progress: text, digest: digestOf(tensors, text) });
  // The content has to be on the disk before its name is, or a power cut leaves an empty file.
  synchronise(fresh);
  renameSync(fresh, checkpointFile(folder));
  synchronise(folder);
}

/**
 * The checkpoint of a folder, if it has one that is what was written, to the bit; another is
 * removed with a remark.
 */
export function readCheckpoint(
  folder: string,
  remark: (text: string) => void,
): Checkpoint | undefined {
  for (const left of readdirSync(folder)) {
    if (left !== name && left.startsWith(name)) rmSync(join(folder, left), { force: true });
  }
  return readCheckpointFile(checkpointFile(folder), remark);
}

/** The checkpoint that a file holds, to the bit; another is removed with a remark. */
export function readCheckpointFile(
  path: string,
  remark: (text: string) => void,
): Checkpoint | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const { tensors, metadata } = loadTensors(path);
    const progress = parseProgress(metadata.progress);
    if (metadata.format !== format || progress === undefined) {
      tf.dispose(tensors);
      throw new SspError('bad-checkpoint', `${path} is no checkpoint of this version`);
    }
    if (metadata.digest !== digestOf(tensors, metadata.progress ?? '')) {
      tf.dispose(tensors);
      throw new SspError('bad-checkpoint', `${path} is not what was written: it was damaged`);
    }
    return { state: stateOf(tensors), ...progress };
  } catch (error) {
    if (!(error instanceof SspError)) throw error;
    remark(`the training did not go on from a checkpoint: ${error.message}`);
    rmSync(path);
    return undefined;
  }
}

/** SHA-256 of everything that a checkpoint says. */
function digestOf(tensors: NamedTensors, progress: string): string {
  const hash = createHash('sha256').update(progress);
  for (const [key, tensor] of Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { buffer, byteOffset, byteLength } = tensor.dataSync<'float32'>();
    hash.update(`\n${key} ${tensor.shape.join()}\n`);
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}

function parseProgress(text: string | undefined): Omit<Checkpoint, 'state'> | undefined {
  try {
    // A number that is none is written as null, and has to come back as it was.
    const progress: unknown = JSON.parse(text ?? '', (_, value) => value ?? Number.NaN);
    const isRecord = typeof progress === 'object' && progress !== null;
    return isRecord ? (progress as Omit<Checkpoint, 'state'>) : undefined; // this format has it
  } catch {
    return undefined;
  }
}

function synchronise(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
