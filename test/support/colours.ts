/** A module of the user's own that makes 24 images of 8 px, with classes and artists. */
export const colours = `import { writeFileSync } from 'node:fs';
export function run({ out }) {
  const [n, size] = [24, 8];
  const header = \`{'descr': '|u1', 'fortran_order': False, 'shape': (\${n}, \${size}, \${size}, 3), }\`.padEnd(117) + '\\n';
  const pixels = Buffer.from({ length: n * size * size * 3 }, () => 0).map((_, i) => (i * 37 + Math.floor(i / 192) * 11) % 251);
  writeFileSync(out + '/images.npy', Buffer.concat([Buffer.from('\\x93NUMPY\\x01\\x00v\\x00' + header, 'latin1'), pixels]));
  const items = Array.from({ length: n }, (_, i) => ({ name: 'i' + i, split: ['train', 'train', 'validation', 'test'][i % 4], attributes: { class: 'c' + (Math.floor(i / 4) % 2), artist: 'a' + (Math.floor(i / 8) % 2) } }));
  writeFileSync(out + '/items.json', JSON.stringify({ format: 'ssp-images', version: 1, values: { class: ['c0', 'c1'], artist: ['a0', 'a1'] }, sources: [], items }));
}
`;
