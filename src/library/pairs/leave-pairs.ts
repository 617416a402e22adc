import { join } from 'node:path';
import { writeNpy } from '../../base/files/npy.js';
import { writeContactSheet } from '../artifact/contact-sheet.js';
import type { Images } from '../artifact/images.js';
import { noClass } from '../artifact/no-class.js';
import { writePairs } from '../artifact/pairs.js';
import type { Facts, StageContext, StageResult } from '../stage.js';

/** Pairs that a stage has made. */
interface Made {
  readonly images: Images;
  /** Indices into the images, pair by pair. */
  readonly pairs: Int32Array;
  /** Cosine similarity of the two images of each pair, where it is what they were found by. */
  readonly similarities?: Float32Array;
  /** What is worth telling beside how many there are. */
  readonly facts?: Facts;
}

/**
 * Leaves pairs as a stage's result, with a contact sheet for people, and says how many there are.
 * With `similarities` they lie beside the pairs as `similarities.npy`, float32 (m).
 */
export function leavePairs(
  { out, log }: Pick<StageContext<unknown>, 'out' | 'log'>,
  { images, pairs, similarities, facts }: Made,
): StageResult {
  writePairs(out, images, pairs);
  if (similarities) {
    const shape = [similarities.length];
    writeNpy(join(out, 'similarities.npy'), { shape, data: similarities });
  }
  writeContactSheet(out, images, pairs, similarities);
  const count = pairs.length / 2;
  log(`${count} pairs${classesOf(images, pairs)}, over ${new Set(pairs).size} images`);
  return facts ? { facts } : {};
}

function classesOf(images: Images, pairs: Int32Array): string {
  if (!images.hasAttribute('class')) return '';
  const classes = images.attribute('class');
  const shown = new Set(Array.from(pairs, (index) => classes[index]));
  shown.delete(noClass);
  return shown.size === 0 ? '' : ` of ${shown.size} classes`;
}
