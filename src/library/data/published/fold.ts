import { readFileSync } from 'node:fs';
import { malformed, type PublishedSet } from './published-set.js';

/**
 * The places of a fold's images in split `train`, of a file with one fold a line; undefined where no fold is asked for.
 * All folds are looked at.
 * @throws SspError `data-damaged` when there are not ten, or one names an image twice or none of these.
 */
export function readFold(
  path: string,
  fold: number | null,
  images: number,
  set: PublishedSet,
): ReadonlySet<number> | undefined {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length !== 10) {
    throw malformed(path, `has ${lines.length} lines, expected the ten folds`, set);
  }
  const folds = lines.map((line, at) => {
    const places = line.split(/\s+/).map(Number);
    const wrong = places.find(
      (place) => !(Number.isInteger(place) && place >= 0 && place < images),
    );
    if (wrong !== undefined) {
      throw malformed(
        path,
        `has ${wrong} in fold ${at}, expected places of the ${images} training images, from 0`,
        set,
      );
    }
    const only = new Set(places);
    if (only.size === places.length) return only;
    throw malformed(path, `names an image twice in fold ${at}`, set);
  });
  return fold === null ? undefined : folds[fold];
}
