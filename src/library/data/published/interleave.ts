import { invariant } from '../../../base/errors.js';
import { growTo, startLoops } from '../decode/web-assembly.js';
import { interleaveModule } from './interleave.gen.js';
import { atOnce, lengthOf, type RecordForm } from './record-file.js';

/** The functions of interleave.as.ts. */
interface Loops {
  ofRows(...numbers: readonly number[]): void;
  ofColumns(...numbers: readonly number[]): void;
}

let started: ReturnType<typeof startLoops<Loops>> | undefined;

/** Bytes that the loops compute in, before records and pixels. */
const FREE = 1024;

/** Which of two places the next pixels go to. */
let turn = 0;

/**
 * The pixels (n, size, size, 3) of the records at some places among `records`, ascending, which lie in
 * planes: of as many as are read at once, in memory that holds until the next call but one.
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
  const room = 16 * Math.ceil(Math.max(atOnce, length) / 16);
  invariant(records.length <= room, `${records.length} bytes are more than are read at once`);
  // Never more, so that what is being written of it stays where it is.
  growTo(memory, FREE + 3 * room);
  const all = new Uint8Array(memory.buffer);
  for (let at = 0; at < places.length; ) {
    const first = places[at] ?? 0;
    let end = at + 1;
    while (places[end] === first + end - at) end++;
    all.set(records.subarray(first * length, (first + end - at) * length), FREE + at * length);
    at = end;
  }
  turn = 1 - turn;
  const to = FREE + (1 + turn) * room;
  const where = [FREE + labels, length, to, places.length, size];
  if (order === 'rows') loops.ofRows(...where);
  else loops.ofColumns(...where, 0);
  return all.subarray(to, to + places.length * 3 * size ** 2);
}
