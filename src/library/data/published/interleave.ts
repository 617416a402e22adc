import { invariant } from '../../../base/errors.js';
import { growTo, startLoops } from '../decode/web-assembly.js';
import { interleaveModule } from './interleave.gen.js';
import { lengthOf, type RecordForm } from './record-file.js';

/** The functions of interleave.as.ts. */
interface Loops {
  ofRows(...numbers: readonly number[]): void;
  ofColumns(...numbers: readonly number[]): void;
}

let started: ReturnType<typeof startLoops<Loops>> | undefined;

/** Bytes that the loops compute in, before records and pixels. */
const FREE = 1024;

/**
 * The pixels (n, size, size, 3) of the records at some places among `records`, ascending, which lie in
 * planes: in memory that holds until the next call.
 */
export function pixelsOf(
  records: Uint8Array,
  form: RecordForm,
  places: readonly number[],
): Uint8Array {
  const { size, labels, order } = form;
  invariant(size % 16 === 0, `images of ${size} px have rows of whole vectors`);
  started ??= startLoops<Loops>(interleaveModule);
  const { memory, loops } = started;
  const length = lengthOf(form);
  const to = FREE + 16 * Math.ceil((places.length * length) / 16);
  const bytes = places.length * 3 * size ** 2;
  growTo(memory, to + bytes);
  const all = new Uint8Array(memory.buffer);
  for (let at = 0; at < places.length; ) {
    const first = places[at] ?? 0;
    let end = at + 1;
    while (places[end] === first + end - at) end++;
    all.set(records.subarray(first * length, (first + end - at) * length), FREE + at * length);
    at = end;
  }
  const where = [FREE + labels, length, to, places.length, size];
  if (order === 'rows') loops.ofRows(...where);
  else loops.ofColumns(...where, 0);
  return all.subarray(to, to + bytes);
}
