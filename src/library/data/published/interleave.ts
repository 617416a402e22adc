import { invariant } from '../../../base/errors.js';
import { growTo, startLoops } from '../decode/web-assembly.js';
import { interleaveModule } from './interleave.gen.js';
import { atOnce, lengthOf, type RecordForm, type Rooms } from './record-file.js';

/** The functions of interleave.as.ts. */
interface Loops {
  ofRows(...numbers: readonly number[]): void;
  ofColumns(...numbers: readonly number[]): void;
}

/** Bytes that the loops compute in, before two rooms of records and two of pixels. */
const FREE = 1024;

const roomAt = (number: number): number => FREE + number * atOnce;

let started: ReturnType<typeof start> | undefined;

function start() {
  const { memory, loops } = startLoops<Loops>(interleaveModule);
  // Never more, so that what is read to and written from stays where it is.
  growTo(memory, roomAt(4));
  return { memory, loops, turn: 0 };
}

/** Rooms that {@link pixelsOf} takes records from: read into them, these are not copied. */
export function recordRooms(): Rooms {
  started ??= start();
  const { buffer } = started.memory;
  return [Buffer.from(buffer, roomAt(0), atOnce), Buffer.from(buffer, roomAt(1), atOnce)];
}

/**
 * The pixels (n, size, size, 3) of the records at some places among `records`, ascending, which lie in
 * planes and in one of {@link recordRooms}; in memory that holds until the next call but one.
 */
export function pixelsOf(
  records: Uint8Array,
  form: RecordForm,
  places: readonly number[],
): Uint8Array {
  const { size, labels, order } = form;
  started ??= start();
  const { memory, loops } = started;
  invariant(size % 16 === 0, `images of ${size} px have rows of whole vectors`);
  invariant(records.buffer === memory.buffer, 'the records lie in a room of these loops');
  const [length, bytes] = [lengthOf(form), 3 * size ** 2];
  started.turn = 1 - started.turn;
  const to = roomAt(2 + started.turn);
  for (let at = 0; at < places.length; ) {
    const first = places[at] ?? 0;
    let end = at + 1;
    while (places[end] === first + end - at) end++;
    const from = records.byteOffset + first * length + labels;
    const where = [from, length, to + at * bytes, end - at, size];
    if (order === 'rows') loops.ofRows(...where);
    else loops.ofColumns(...where, 0);
    at = end;
  }
  return new Uint8Array(memory.buffer, to, places.length * bytes);
}
