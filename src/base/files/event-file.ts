/**
 * Event files, as TensorBoard reads them: records of TensorFlow (length, content, a masked CRC-32C of each)
 * that hold protocol buffers `Event` (tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto).
 */
export interface Event {
  /** Seconds since 1970. */
  readonly time: number;
  readonly step: number;
  readonly what:
    | { readonly kind: 'version' }
    /** What has a step at or above that of a start is no longer so. */
    | { readonly kind: 'start' | 'stop' }
    /** Numbers by their tags; TensorBoard keeps them as float32. */
    | { readonly kind: 'scalars'; readonly scalars: Readonly<Record<string, number>> };
}

/** The bytes of events, one record after another; a file begins with its version. */
export function eventBytes(events: readonly Event[]): Buffer {
  return Buffer.concat(events.map((event) => record(messageOf(event))));
}

/** Does a file end with the end of its session? */
export function endsWithStop(file: Uint8Array): boolean {
  const stop = messageOf({ time: 0, step: 0, what: { kind: 'stop' } });
  // The end of a session has no step, so all of them have one length, and differ in their time alone.
  const content = file.subarray(file.length - 4 - stop.length, file.length - 4);
  return Buffer.from(content.subarray(TIME)).equals(stop.subarray(TIME));
}

/** Bytes of the time at the beginning of a message. */
const TIME = 9;

function messageOf({ time, step, what }: Event): Buffer {
  const at = [double(1, time), ...(step === 0 ? [] : [varint(2, step)])];
  switch (what.kind) {
    case 'version':
      return Buffer.concat([...at, bytes(3, Buffer.from('brain.Event:2'))]);
    case 'scalars': {
      const values = Object.entries(what.scalars).map(([tag, value]) =>
        bytes(1, Buffer.concat([bytes(1, Buffer.from(tag)), float(2, value)])),
      );
      return Buffer.concat([...at, bytes(5, Buffer.concat(values))]);
    }
    case 'start':
    case 'stop':
      return Buffer.concat([...at, bytes(7, varint(1, what.kind === 'start' ? 1 : 2))]);
  }
}

function record(content: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(content.length));
  return Buffer.concat([length, checksum(length), content, checksum(content)]);
}

// Fields of a message: their number and how they lie there, then the value.

const double = (field: number, value: number): Buffer => {
  const buffer = Buffer.alloc(9);
  buffer.writeUInt8((field << 3) | 1);
  buffer.writeDoubleLE(value, 1);
  return buffer;
};

const float = (field: number, value: number): Buffer => {
  const buffer = Buffer.alloc(5);
  buffer.writeUInt8((field << 3) | 5);
  buffer.writeFloatLE(value, 1);
  return buffer;
};

const varint = (field: number, value: number): Buffer =>
  Buffer.from([field << 3, ...groupsOfSeven(value)]);

const bytes = (field: number, value: Buffer): Buffer =>
  Buffer.concat([Buffer.from([(field << 3) | 2, ...groupsOfSeven(value.length)]), value]);

/** A whole number of at least 0, seven bits a byte, the lowest first; all but the last have the high bit. */
function groupsOfSeven(value: number): number[] {
  const low = value % 128;
  const rest = Math.floor(value / 128);
  return rest === 0 ? [low] : [low + 128, ...groupsOfSeven(rest)];
}

/** CRC-32C (Castagnoli), rotated and moved as TensorFlow masks it. */
function checksum(content: Uint8Array): Buffer {
  let crc = 0xffffffff;
  for (const byte of content) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0);
  crc = ~crc >>> 0;
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return buffer;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});
