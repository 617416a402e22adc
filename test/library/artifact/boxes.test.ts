import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openBoxes } from '../../../src/library/artifact/boxes.js';
import { checkResult } from '../../../src/library/artifact/check-result.js';
import { openImages } from '../../../src/library/artifact/images.js';
import { artifactOf, imagesOf } from '../synthetic.js';

const object = { class: 1, box: [0, 1, 4, 3], difficult: false, truncated: false };
const image = { width: 4, height: 4, place: [0, 0, 2, 2], objects: [object] };

/** Two images of 2 px with these boxes beside them, as a stage may leave them. */
function boxed(boxes: unknown) {
  const folder = imagesOf([
    { split: 'train', class: 'a', pixels: [1] },
    { split: 'test', class: 'b', pixels: [2] },
  ]).digest;
  writeFileSync(join(folder, 'boxes.json'), JSON.stringify(boxes));
  return checkResult('Images', folder, 1);
}

const file = { format: 'ssp-boxes', version: 2, classes: ['cat', 'dog'], images: [image, image] };
const withObject = (changed: object) =>
  boxed({ ...file, images: [image, { ...image, objects: [object, { ...object, ...changed }] }] });

it('tells how many objects there are, of which classes', async () => {
  expect(await boxed({ ...file, images: [image, { ...image, objects: [] }] })).toMatchObject({
    objects: 1,
    'classes of objects': 2,
    'objects of a class': '0 (cat) to 1 (dog)',
    'difficult objects': 0,
    'images without objects': 1,
  });
});

it.each([
  [{ class: 2 }, 'one of class 2; classes are 0 to 1'],
  [{ class: 'dog' }, 'one of class "dog"; classes are 0 to 1'],
  [{ box: [3, 1, 2, 3] }, 'one with the box [3,1,2,3] in an image of 4 x 4'],
  [{ box: [0, 0, 6, 3] }, 'one with the box [0,0,6,3] in an image of 4 x 4'],
  [{ difficult: 0 }, 'one that does not say whether it is `difficult` and `truncated`'],
])('names the image and the object that is wrong: %j', async (changed, fault) => {
  await expect(withObject(changed)).rejects.toThrow(
    `\`boxes.json\` gives image 1 ("test-1") as object 1 ${fault}`,
  );
});

it('says what else is wrong with boxes that a stage left', async () => {
  await expect(boxed({ ...file, version: 1 })).rejects.toThrow('does not say');
  await expect(boxed({ ...file, classes: ['a', 'a'] })).rejects.toThrow('has "a" twice');
  await expect(boxed({ ...file, images: [image] })).rejects.toThrow(
    'has entries for 1 images, but items.json names 2',
  );
  await expect(
    boxed({ ...file, images: [image, { ...image, place: [0, 0, 9, 9] }] }),
  ).rejects.toThrow('which is no part of a square of 2 px');
});

it('says where boxes are to be had when there are none', () => {
  const artifact = artifactOf(
    imagesOf([{ split: 'train', class: 'a', pixels: [1] }]).digest,
    'Images',
  );
  expect(() => openBoxes(artifact, openImages(artifact))).toThrow(
    'the images have no boxes around objects',
  );
});
