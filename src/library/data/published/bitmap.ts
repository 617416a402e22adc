/** A BMP file of pixels (size, size, 3), without loss: 24 bits a pixel, the first row on top. */
export function bitmapOf(pixels: Uint8Array, size: number): Uint8Array {
  const stride = Math.ceil((3 * size) / 4) * 4;
  const file = Buffer.alloc(54 + stride * size);
  file.write('BM', 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(size, 18);
  file.writeInt32LE(-size, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let row = 0; row < size; row++) {
    for (let at = 0; at < 3 * size; at += 3) {
      const from = row * 3 * size + at;
      const to = 54 + row * stride + at;
      file[to] = pixels[from + 2] ?? 0;
      file[to + 1] = pixels[from + 1] ?? 0;
      file[to + 2] = pixels[from] ?? 0;
    }
  }
  return file;
}
