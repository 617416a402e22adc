import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { openImages } from '../../../../src/library/artifact/images.js';
import { artifactOf, contextOf, freshFolder } from '../../synthetic.js';

// The processes that decode are started from the build.
const built = new URL('../../../../dist/library/data/images.js', import.meta.url);
const { run }: typeof import('../../../../src/library/data/images.js') = await import(built.href);

/** A small picture of one colour. */
export const png = (level: number) =>
  sharp({ create: { width: 9, height: 9, channels: 3, background: { r: level, g: 0, b: 0 } } })
    .png()
    .toBuffer();

/** A folder of pictures with names, each of its own level unless said otherwise. */
export async function folderOf(
  names: readonly string[],
  level: (at: number) => number = (at) => at,
) {
  const root = freshFolder();
  for (const [at, name] of names.entries()) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), await png(level(at)));
  }
  return root;
}

/** Reads a folder or archive as `std.data.images` does. */
export async function read(
  root: string,
  changed: Partial<Parameters<typeof run>[0]['params']> = {},
) {
  const params: Parameters<typeof run>[0]['params'] = {
    root,
    size: 8,
    fit: 'cover',
    decode: 'exact',
    background: '#ffffff',
    list: null,
    splits: { train: 0.8, validation: 0.1, test: 0.1 },
    classes: null,
    per_class: null,
    skip: 0,
    seed: 0,
    ...changed,
  };
  const context = contextOf(params);
  await run(context);
  const images = openImages(artifactOf(context.out, 'Images'));
  const told = images.items.map(
    ({ name, split, attributes }) => `${name} ${split} ${attributes.class}`,
  );
  return { images, told, remarked: context.remarked };
}
