/** A module with a stage that makes 24 images of 8 px, of two classes, a quarter of them for testing. */
export const coloursModule = `import { writeFileSync } from 'node:fs';
export function run({ out }) {
  const [n, size] = [24, 8];
  const header = \`{'descr': '|u1', 'fortran_order': False, 'shape': (\${n}, \${size}, \${size}, 3), }\`.padEnd(117) + '\\n';
  const pixels = Buffer.from({ length: n * size * size * 3 }, () => 0).map((_, i) => (i * 37 + Math.floor(i / 192) * 11) % 251);
  writeFileSync(out + '/images.npy', Buffer.concat([Buffer.from('\\x93NUMPY\\x01\\x00v\\x00' + header, 'latin1'), pixels]));
  const items = Array.from({ length: n }, (_, i) => ({ name: 'i' + i, split: i % 4 === 3 ? 'test' : 'train', attributes: { class: 'c' + (i % 2) } }));
  writeFileSync(out + '/items.json', JSON.stringify({ format: 'ssp-images', version: 1, values: { class: ['c0', 'c1'] }, sources: [], items }));
}
`;
