/** A module of the user's own that makes images of 4 px of two colours, in each split eight. */
export const twoColours = `import { readFileSync, writeFileSync } from 'node:fs';
export const shape = (descr, sizes) => {
  const text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + sizes + "), }";
  return Buffer.from('\\x93NUMPY\\x01\\x00v\\x00' + text.padEnd(117) + '\\n', 'latin1');
};
export function run({ params, out }) {
  const items = [];
  const pixels = Buffer.alloc(24 * 48);
  for (const [s, split] of ['train', 'validation', 'test'].entries()) {
    for (let i = 0; i < 8; i++) {
      const attributes = { class: i % 2 ? 'dark' : 'light', artist: i < 4 ? 'ada' : 'bea' };
      items.push({ name: split + i, split, attributes });
      const shade = 150 + 4 * i + s + params.shift;
      pixels.fill(Buffer.from(i % 2 ? [shade, 20, 10] : [10, 20, shade]), (8 * s + i) * 48, (8 * s + i + 1) * 48);
    }
  }
  const values = { class: ['light', 'dark'], artist: ['ada', 'bea'] };
  writeFileSync(out + '/images.npy', Buffer.concat([shape('|u1', '24, 4, 4, 3'), pixels]));
  writeFileSync(out + '/items.json', JSON.stringify({ format: 'ssp-images', version: 1, values, sources: [], items }));
}
`;
