import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A field of a protocol buffer, by its number: a number for what has a fixed width, else its bytes. */
type Fields = ReadonlyMap<number, readonly (number | Buffer)[]>;

/** The scalars of each run in a folder of TensorBoard's: by run and tag, steps and values in the order of the file. */
export function scalarsIn(root: string): Record<string, Record<string, [number, number][]>> {
  const runs: Record<string, Record<string, [number, number][]>> = {};
  const files = readdirSync(root, { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile())) {
    const run = file.parentPath.slice(root.length + 1);
    for (const content of contentsOf(readFileSync(join(file.parentPath, file.name)))) {
      const event = fieldsOf(content);
      const step = Number(event.get(2)?.[0] ?? 0);
      for (const summary of event.get(5) ?? []) {
        for (const value of fieldsOf(summary as Buffer).get(1) ?? []) {
          const fields = fieldsOf(value as Buffer);
          runs[run] ??= {};
          const tags = runs[run];
          const tag = String(fields.get(1)?.[0]);
          tags[tag] ??= [];
          tags[tag].push([step, Number(fields.get(2)?.[0])]);
        }
      }
    }
  }
  return runs;
}

function contentsOf(file: Buffer): Buffer[] {
  const contents: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    contents.push(file.subarray(at + 12, at + 12 + length));
    at += 16 + length;
  }
  return contents;
}

function fieldsOf(message: Buffer): Fields {
  const fields = new Map<number, (number | Buffer)[]>();
  let at = 0;
  const take = (length: number): Buffer => {
    at += length;
    return message.subarray(at - length, at);
  };
  const varint = (): number => {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = take(1).readUInt8();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const readers: Record<number, () => number | Buffer> = {
    0: varint,
    1: () => take(8).readDoubleLE(),
    2: () => take(varint()),
    5: () => take(4).readFloatLE(),
  };
  while (at < message.length) {
    const tag = varint();
    const read = readers[tag & 7];
    if (!read) throw new Error(`a field of kind ${tag & 7}`);
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), read()]);
  }
  return fields;
}
