import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Annotation, AnnotationFault, readAnnotation } from './annotation.js';

/** An image of a list, with its annotation, or what is wrong with that. */
export interface VocImage {
  /** As the list has it: `000005`. */
  readonly name: string;
  /** Of the image file. */
  readonly path: string;
  /** `Annotations/000005.xml`. */
  readonly annotation: Annotation | AnnotationInFault;
}

/** Why an annotation cannot be taken: `Annotations/000005.xml:12 has a unicorn, none of the 20 classes`. */
export interface AnnotationInFault {
  readonly fault: string;
}

/** The names in a list of `ImageSets/Main`, one a line, or undefined where there is no such list. */
export function readImageSet(folder: string, list: string): readonly string[] | undefined {
  const path = imageSetPath(folder, list);
  if (!existsSync(path)) return undefined;
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((name) => name !== '');
}

export const imageSetPath = (folder: string, list: string): string =>
  join(folder, 'ImageSets/Main', `${list}.txt`);

/** What names of images end with, the official first; sets of one's own have others. */
const endings = ['jpg', 'JPG', 'jpeg', 'JPEG', 'png', 'PNG', 'bmp', 'tif', 'tiff', 'webp'];

/** An image of a folder in the form of PASCAL VOC. `lost` makes the error for a file that is not there. */
export function readVocImage(
  folder: string,
  name: string,
  classes: ReadonlyMap<string, number>,
  lost: (file: string) => Error,
): VocImage {
  const images = endings.map((ending) => `JPEGImages/${name}.${ending}`);
  const image = images.find((file) => existsSync(join(folder, file))) ?? `JPEGImages/${name}.jpg`;
  const xml = `Annotations/${name}.xml`;
  const absent = [image, xml].find((file) => !existsSync(join(folder, file)));
  if (absent !== undefined) throw lost(absent);
  const path = join(folder, image);
  try {
    const annotation = readAnnotation(readFileSync(join(folder, xml), 'utf8'));
    const other = annotation.objects.find((object) => !classes.has(object.class));
    if (other === undefined) return { name, path, annotation };
    throw new AnnotationFault(
      other.line,
      `has a ${other.class}, none of the ${classes.size} classes`,
    );
  } catch (error) {
    if (!(error instanceof AnnotationFault)) throw error;
    return { name, path, annotation: { fault: `${xml}:${error.line} ${error.message}` } };
  }
}
