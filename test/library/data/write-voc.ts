import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { BoxedImage, Boxes } from '../../../src/library/artifact/boxes.js';
import type { Images } from '../../../src/library/artifact/images.js';

const lists = { train: 'train', validation: 'val', test: 'test' } as const;

/** Writes images with boxes as PASCAL VOC has them: JPEG files, annotations and lists of 2007, and `classes.txt`. */
export async function writeVoc(root: string, images: Images, boxes: Boxes): Promise<void> {
  const folder = join(root, 'VOCdevkit/VOC2007');
  for (const name of ['JPEGImages', 'Annotations', 'ImageSets/Main']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  writeFileSync(join(root, 'classes.txt'), boxes.classes.join('\n'));
  const number = (index: number): string => String(index + 1).padStart(6, '0');
  for (const [split, list] of Object.entries(lists)) {
    const names = images.items.flatMap((item, index) =>
      item.split === split ? [number(index)] : [],
    );
    writeFileSync(join(folder, 'ImageSets/Main', `${list}.txt`), `${names.join('\n')}\n`);
  }
  for (const [index, boxed] of boxes.images.entries()) {
    const [left, top] = boxed.place;
    const { width, height } = boxed;
    const raw = { width: images.size, height: images.size, channels: 3 } as const;
    const file = sharp(images.image(index), { raw }).extract({ left, top, width, height });
    await file
      .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      .toFile(join(folder, 'JPEGImages', `${number(index)}.jpg`));
    const xml = annotation(`${number(index)}.jpg`, boxed, boxes.classes);
    writeFileSync(join(folder, 'Annotations', `${number(index)}.xml`), xml);
  }
}

function annotation(file: string, image: BoxedImage, classes: readonly string[]): string {
  const objects = image.objects.map(({ class: number, box, difficult, truncated }) => {
    const [left, top, right, bottom] = box;
    return `	<object>
		<name>${classes[number]}</name>
		<pose>Unspecified</pose>
		<truncated>${Number(truncated)}</truncated>
		<difficult>${Number(difficult)}</difficult>
		<bndbox>
			<xmin>${left + 1}</xmin>
			<ymin>${top + 1}</ymin>
			<xmax>${right}</xmax>
			<ymax>${bottom}</ymax>
		</bndbox>
	</object>
`;
  });
  return `<annotation>
	<folder>VOC2007</folder>
	<filename>${file}</filename>
	<size>
		<width>${image.width}</width>
		<height>${image.height}</height>
		<depth>3</depth>
	</size>
	<segmented>0</segmented>
${objects.join('')}</annotation>
`;
}
