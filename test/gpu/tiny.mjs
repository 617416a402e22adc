// 48 images of 32 px in four classes, with a box in each, for trainings whose numbers do not matter.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [count, size] = [48, 32];

export async function run({ out }) {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${count}, ${size}, ${size}, 3), }`;
  const text = Buffer.from(`${header.padEnd(117)}\n`, 'latin1');
  const head = Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from([118, 0]),
    text,
  ]);
  const pixels = Uint8Array.from(
    { length: count * size * size * 3 },
    (_, i) => (i * 2654435761) >>> 24,
  );
  writeFileSync(join(out, 'images.npy'), Buffer.concat([head, pixels]));
  const items = Array.from({ length: count }, (_, i) => ({
    name: `image-${i}`,
    split: ['train', 'train', 'validation', 'test'][Math.floor(i / 4) % 4],
    attributes: { class: `class-${i % 4}`, artist: `artist-${i % 3}` },
  }));
  const values = {
    class: [0, 1, 2, 3].map((i) => `class-${i}`),
    artist: [0, 1, 2].map((i) => `artist-${i}`),
  };
  const file = { format: 'ssp-images', version: 1, values, sources: [], items };
  writeFileSync(join(out, 'items.json'), JSON.stringify(file));
  const boxed = (i) => ({
    ...{ width: size, height: size, place: [0, 0, size, size] },
    objects: [{ class: i % 4, box: [2, 3, 14, 20], difficult: false, truncated: false }],
  });
  const boxes = {
    ...{ format: 'ssp-boxes', version: 2, classes: values.class },
    images: Array.from({ length: count }, (_, i) => boxed(i)),
  };
  writeFileSync(join(out, 'boxes.json'), JSON.stringify(boxes));
}
