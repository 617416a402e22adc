import { deflateRawSync } from 'node:zlib';

export interface HostileEntry {
  readonly name: string;
  readonly data: Buffer;
  readonly packed?: boolean;
  /** What the archive says of it; default: the truth. */
  readonly size?: number;
  /** Unix mode, as of a link. */
  readonly mode?: number;
  /** Names the data of the first entry as its own. */
  readonly over?: boolean;
}

/** A zip archive of anything, true or not, behind some bytes. Sums are right where sizes are. */
export function hostileZip(entries: readonly HostileEntry[], head = Buffer.alloc(0)): Buffer {
  const locals: Buffer[] = [head];
  const central: Buffer[] = [];
  let at = head.length;
  for (const { name, data, packed = false, size = data.length, mode = 0o100644, over } of entries) {
    const content = packed ? deflateRawSync(data) : data;
    const path = Buffer.from(name);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(0x800, 2);
    shared.writeUInt16LE(packed ? 8 : 0, 4);
    shared.writeUInt32LE(packed ? content.length : size, 14);
    shared.writeUInt32LE(size, 18);
    shared.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, path, content]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(((mode & 0xffff) << 16) >>> 0, 6);
    rest.writeUInt32LE(over ? head.length : at, 10);
    central.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), shared, rest, path);
    if (over) continue;
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}
