/** An entry of an archive; a name longer than 100 bytes is written as GNU or POSIX (pax) writes it. */
export interface TarEntry {
  readonly name: string | Buffer;
  readonly content?: Uint8Array;
  /** `0` is a file, `5` a folder, `1` a link by name and `2` by path. */
  readonly type?: string;
  /** What a link leads to; longer than 100 bytes, as GNU writes it. */
  readonly to?: string;
  readonly long?: 'gnu' | 'pax' | 'prefix';
}

/** A tar archive, byte by byte. */
export function makeTar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.map(bytesOf), Buffer.alloc(1024)]);
}

function bytesOf({ name, content = Buffer.alloc(0), type = '0', long, to }: TarEntry): Buffer {
  if (to !== undefined) {
    const whole = Buffer.from(`${to}\0`);
    return Buffer.concat([
      ...(to.length > 100 ? [header('././@LongLink', whole.length, 'K'), padded(whole)] : []),
      header(name, 0, type, undefined, to.slice(0, 100)),
    ]);
  }
  const bytes = Buffer.from(name);
  if (long === 'gnu') {
    const whole = Buffer.concat([bytes, Buffer.of(0)]);
    return Buffer.concat([
      header('././@LongLink', whole.length, 'L'),
      padded(whole),
      header(bytes.subarray(0, 100), content.length, type),
      padded(content),
    ]);
  }
  if (long === 'pax') {
    const body = Buffer.concat([Buffer.from(' path='), bytes, Buffer.from('\n')]);
    let length = body.length + 1;
    while (String(length).length + body.length !== length) length++;
    const record = Buffer.concat([Buffer.from(String(length)), body]);
    return Buffer.concat([
      header('PaxHeaders/x', record.length, 'x'),
      padded(record),
      header(bytes.subarray(0, 100), content.length, type),
      padded(content),
    ]);
  }
  const slash = long === 'prefix' ? bytes.lastIndexOf(47) : -1;
  const prefix = slash < 0 ? Buffer.alloc(0) : bytes.subarray(0, slash);
  return Buffer.concat([
    header(bytes.subarray(slash + 1), content.length, type, prefix),
    padded(content),
  ]);
}

function header(
  name: string | Buffer,
  size: number,
  type: string,
  prefix: Buffer = Buffer.alloc(0),
  to = '',
): Buffer {
  const block = Buffer.alloc(512);
  Buffer.from(name).copy(block);
  block.write('0000644\0', 100, 'latin1');
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  block.write(type, 156, 'latin1');
  block.write(to, 157);
  block.write('ustar\x0000', 257, 'latin1');
  prefix.copy(block, 345);
  block.fill(' ', 148, 156);
  const sum = block.reduce((all, byte) => all + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}
