import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import { openImages } from '../../../src/library/artifact/images.js';
import { artifactOf, contextOf, freshFolder } from '../synthetic.js';
import { makeTar } from './images/make-tar.js';

// The processes that decode are started from the build.
let imagenet: typeof import('../../../src/library/data/imagenet.js')['run'];
let tinyImagenet: typeof import('../../../src/library/data/tiny_imagenet.js')['run'];
beforeAll(async () => {
  const built = new URL('../../../dist/library/data/', import.meta.url);
  imagenet = (await import(new URL('imagenet.js', built).href)).run;
  tinyImagenet = (await import(new URL('tiny_imagenet.js', built).href)).run;
});

const [fox, setter, tench] = ['n02119789', 'n02100735', 'n01440764'];
const colours = { [fox]: '#e08020', [setter]: '#f0f0f0', [tench]: '#208040' };
const jpeg = (wnid: string) =>
  sharp({ create: { width: 70, height: 50, channels: 3, background: colours[wnid] ?? '#000000' } })
    .jpeg()
    .toBuffer();

function put(root: string, files: Readonly<Record<string, Uint8Array | string>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

const defaults = {
  ...{ size: 8, fit: 'cover', decode: 'exact', classes: null, per_class: null },
  ...{ validation: true, skip: 0, check: 'layout', seed: 0 },
} as const satisfies Partial<Parameters<typeof imagenet>[0]['params']>;

async function read(root: string, changed: Partial<Parameters<typeof imagenet>[0]['params']> = {}) {
  const context = contextOf({ ...defaults, root, ...changed });
  await imagenet(context);
  return openImages(artifactOf(context.out, 'Images'));
}

const told = (images: ReturnType<typeof openImages>) =>
  images.items.map(({ name, split, attributes }) => `${name} ${split} ${attributes.class}`);

const kit = 'ILSVRC2012_devkit_t12/data';

function putKit(root: string): void {
  mkdirSync(join(root, kit), { recursive: true });
  const meta = new URL('../../fixtures/data/meta.mat', import.meta.url).pathname;
  copyFileSync(meta, join(root, kit, 'meta.mat'));
  writeFileSync(join(root, kit, 'ILSVRC2012_validation_ground_truth.txt'), '3\n1\n2\n');
}

const expected = [
  `train/${tench}/${tench}_1.JPEG train ${tench}`,
  `train/${setter}/${setter}_1.JPEG train ${setter}`,
  `train/${setter}/${setter}_2.JPEG train ${setter}`,
  `val/ILSVRC2012_val_00000001.JPEG validation ${tench}`,
  `val/ILSVRC2012_val_00000002.JPEG validation ${fox}`,
  `val/ILSVRC2012_val_00000003.JPEG validation ${setter}`,
];

it('reads folders of classes, and validation images by the ground truth of the kit', async () => {
  const root = put(freshFolder(), {
    [`train/${setter}/${setter}_1.JPEG`]: await jpeg(setter),
    [`train/${setter}/${setter}_2.JPEG`]: await jpeg(setter),
    [`train/${tench}/${tench}_1.JPEG`]: await jpeg(tench),
    'val/ILSVRC2012_val_00000001.JPEG': await jpeg(tench),
    'val/ILSVRC2012_val_00000002.JPEG': await jpeg(fox),
    'val/ILSVRC2012_val_00000003.JPEG': await jpeg(setter),
  });
  await expect(read(root)).rejects.toThrow(
    'nothing that says the classes of the validation images',
  );
  expect((await read(root, { validation: false })).count).toBe(3);
  putKit(root);
  const images = await read(root);
  expect(told(images)).toEqual(expected);
  expect(images.values).toEqual({ class: [tench, setter, fox] });
  const orange = images.image(4);
  expect(Math.abs((orange[0] ?? 0) - 0xe0)).toBeLessThan(4);
  const list = join(freshFolder(), 'classes.txt');
  writeFileSync(list, 'kit fox\nn01440764 tench\n');
  expect(told(await read(root, { classes: list }))).toEqual(
    expected.filter((line) => !line.endsWith(setter)),
  );
  await expect(read(root, { check: 'published' })).rejects.toThrow(
    'has 3 images of split `train`; published are 1,281,167',
  );
  writeFileSync(join(root, kit, 'ILSVRC2012_validation_ground_truth.txt'), '3\n77\n');
  await expect(read(root)).rejects.toThrow('has "77" on line 2, no class of meta.mat');
});

it('reads the same from the official archives, and from the labels of Kaggle', async () => {
  const tar = async (wnid: string, count: number) =>
    makeTar(
      await Promise.all(
        Array.from({ length: count }, async (_, i) => ({
          name: `${wnid}_${i + 1}.JPEG`,
          content: await jpeg(wnid),
        })),
      ),
    );
  const val = await Promise.all(
    [tench, fox, setter].map(async (wnid, i) => ({
      name: `ILSVRC2012_val_0000000${i + 1}.JPEG`,
      content: await jpeg(wnid),
    })),
  );
  const root = put(freshFolder(), {
    'ILSVRC2012_img_train.tar': makeTar([
      { name: `${tench}.tar`, content: await tar(tench, 1) },
      { name: `${setter}.tar`, content: await tar(setter, 2) },
    ]),
    'ILSVRC2012_img_val.tar': makeTar(val),
    'LOC_val_solution.csv': [
      'ImageId,PredictionString',
      `ILSVRC2012_val_00000002,${fox} 1 2 3 4`,
      `ILSVRC2012_val_00000001,${tench} 1 2 3 4`,
      `ILSVRC2012_val_00000003,${setter} 1 2 3 4`,
    ].join('\n'),
  });
  const images = await read(root);
  expect(told(images)).toEqual(expected);
  await expect(read(root, { check: 'published' })).rejects.toThrow(
    /ILSVRC2012_img_train\.tar is not the published file: its MD5 is [0-9a-f]{32}, expected 1d675b47/,
  );
  rmSync(join(root, 'LOC_val_solution.csv'));
  putKit(root);
  expect(told(await read(root))).toEqual(expected);
  rmSync(join(root, 'ILSVRC2012_img_train.tar'));
  await expect(read(root)).rejects.toMatchObject({
    message: expect.stringContaining(
      'has neither train/n01440764/x.JPEG nor ILSVRC2012_img_train.tar',
    ),
    help: expect.stringContaining('https://image-net.org/'),
  });
});

it('refuses two files of one name before it decodes any', async () => {
  const [a, b] = [`val/${tench}/0.JPEG`, `val/${fox}/0.JPEG`];
  const root = put(freshFolder(), {
    [`train/${tench}/0.JPEG`]: 'no image',
    [a]: 'no image',
    [b]: 'no image',
  });
  await expect(read(root)).rejects.toMatchObject({
    code: 'same-name',
    message: `two image files are called "val/0.JPEG" in the data set: ${join(root, a)} and ${join(root, b)}`,
  });
});

it('holds only those archives against the published ones that it reads', async () => {
  const root = put(freshFolder(), {
    [`train/${tench}/${tench}_1.JPEG`]: await jpeg(tench),
    'ILSVRC2012_img_train.tar': 'another',
    'ILSVRC2012_img_val.tar': 'another',
  });
  await expect(read(root, { check: 'published', validation: false })).rejects.toThrow(
    'has 1 images of split `train`; published are 1,281,167',
  );
});

it('reads the folders of Kaggle, and no archive in place of a folder', async () => {
  const at = 'ILSVRC/Data/CLS-LOC';
  const root = put(freshFolder(), {
    [`${at}/train/${tench}/${tench}_1.JPEG`]: await jpeg(tench),
    [`${at}/train/${tench}/more.png`]: '',
    [`${at}/val/ILSVRC2012_val_00000001.JPEG`]: await jpeg(fox),
    [`${at}/test/ILSVRC2012_test_00000001.JPEG`]: '',
    'LOC_val_solution.csv': `ImageId,PredictionString\nILSVRC2012_val_00000001,${fox} 1 2 3 4\n`,
    'ILSVRC2012_img_train.tar': '',
  });
  expect(told(await read(root))).toEqual([
    `train/${tench}/${tench}_1.JPEG train ${tench}`,
    `val/ILSVRC2012_val_00000001.JPEG validation ${fox}`,
  ]);
  const archive = join(root, 'ILSVRC2012_img_train.tar');
  await expect(read(archive)).rejects.toMatchObject({
    code: 'data-missing',
    message: `${archive} is a file; ImageNet is read from a folder`,
    help: expect.stringContaining('give the folder with its files'),
  });
});

it('reads Tiny ImageNet, whose validation images a list labels', async () => {
  const root = put(freshFolder(), {
    'tiny-imagenet-200/wnids.txt': `${setter}\n${tench}\n`,
    'tiny-imagenet-200/words.txt': `${fox}\tkit fox, Vulpes macrotis\n${tench}\ttench, Tinca tinca\n${setter}\tEnglish setter\n`,
    [`tiny-imagenet-200/train/${tench}/images/${tench}_0.JPEG`]: await jpeg(tench),
    [`tiny-imagenet-200/train/${setter}/images/${setter}_0.JPEG`]: await jpeg(setter),
    [`tiny-imagenet-200/train/${setter}/${setter}_boxes.txt`]: '',
    'tiny-imagenet-200/val/images/val_0.JPEG': await jpeg(tench),
    'tiny-imagenet-200/val/val_annotations.txt': `val_0.JPEG\t${tench}\t0\t32\t44\t62\n`,
    'tiny-imagenet-200/test/images/test_0.JPEG': await jpeg(fox),
  });
  const run = async (changed: Partial<Parameters<typeof tinyImagenet>[0]['params']> = {}) => {
    const context = contextOf({
      ...({ root, size: 8, decode: 'exact', classes: null, per_class: null } as const),
      ...({ check: 'layout', seed: 0 } as const),
      ...changed,
    });
    await tinyImagenet(context);
    return openImages(artifactOf(context.out, 'Images'));
  };
  expect(told(await run())).toEqual([
    `train/${tench}_0.JPEG train ${tench}`,
    `train/${setter}_0.JPEG train ${setter}`,
    `val/val_0.JPEG validation ${tench}`,
  ]);
  const list = join(freshFolder(), 'classes.txt');
  writeFileSync(list, 'English setter\n');
  expect((await run({ classes: list })).count).toBe(1);
  await expect(run({ check: 'published' })).rejects.toThrow(
    'wnids.txt has 2 classes; published are 200',
  );
  const first = join(root, `tiny-imagenet-200/train/${tench}/images/${tench}_0.JPEG`);
  const whole = readFileSync(first);
  writeFileSync(first, whole.subarray(0, 200));
  // It has no parameter by which files may be left out.
  await expect(run()).rejects.toMatchObject({
    message: expect.stringContaining(`train/${tench}_0.JPEG is cut off`),
    help: 'mend or remove them',
  });
  writeFileSync(first, whole);
  const annotations = join(root, 'tiny-imagenet-200/val/val_annotations.txt');
  writeFileSync(annotations, `val_0.JPEG\t${fox}\n`);
  await expect(run()).rejects.toThrow(`has "${fox}" on line 1, no class of wnids.txt`);
  writeFileSync(annotations, '');
  await expect(run()).rejects.toThrow('val_annotations.txt does not name val_0.JPEG');
});

it('tells image files that are none of its images, and words that two classes have', async () => {
  const root = put(freshFolder(), {
    'wnids.txt': `${setter}\n${tench}\n`,
    'words.txt': `${tench}\tcrane, tench\n${setter}\tcrane\n`,
    [`train/${tench}/images/${tench}_0.JPEG`]: await jpeg(tench),
    [`train/${tench}/images/${tench}_1.png`]: await jpeg(tench),
    [`train/${setter}/images/${setter}_0.JPEG`]: await jpeg(setter),
    [`train/${fox}/images/${fox}_0.JPEG`]: await jpeg(fox),
    'val/images/val_0.JPEG': await jpeg(fox),
    'val/val_annotations.txt': `val_0.JPEG\t${tench}\t0\t32\t44\t62\n`,
  });
  const list = join(freshFolder(), 'classes.txt');
  const run = async (classes: string | null) => {
    const context = contextOf({
      ...({ root, size: 8, decode: 'exact', classes, per_class: null } as const),
      ...({ check: 'layout', seed: 0 } as const),
    });
    await tinyImagenet(context);
    return context.remarked;
  };
  expect(await run(null)).toEqual([
    `2 image files are none of the data set's, by folder or name, and left out: train/${tench}/images/${tench}_1.png, train/${fox}/images/${fox}_0.JPEG`,
  ]);
  writeFileSync(list, 'crane\nTENCH\n');
  await expect(run(list)).rejects.toThrow(
    `line 1: crane may be ${tench} or ${setter}\n  line 2: there is no class "TENCH"; tench differs in case alone`,
  );
});
