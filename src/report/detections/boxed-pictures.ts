import sharp from 'sharp';
import type { NpyArray } from '../../base/files/npy.js';
import type { StageOutcome } from '../../execute/record.js';
import { arrayIn } from '../pairs/draw-grid.js';
import { kindsOf } from '../pairs/samples.js';
import { byStage, type Point } from '../points.js';
import { type Notes, type OpenFile, readStageFile } from '../stage-file.js';
import { type Box, type Described, type Row, rowsIn } from './pictures-file.js';

/** Kinds of points of one detector that pictures are shown of: each has up to 18. */
const most = 6;

/** An image with the boxes around what is there, and around what was found. */
export interface BoxedPicture extends Described {
  /** The part of the square that shows the image. */
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Pictures of one kind of a detector: its best boxes, its worst, the objects that it missed. */
export interface BoxedRow extends Pick<Row, 'name' | 'of'> {
  readonly stage: string;
  /** What tells it from the others; without axes where all points have the same. */
  readonly point: Point;
  /** The least score of boxes that are drawn beside what a picture is of. */
  readonly least: number;
  readonly pictures: readonly BoxedPicture[];
}

/**
 * The pictures that detectors wrote: `pictures.npy`, uint8 (k, h, w, 3), in the rows of `pictures.json`. Three
 * rows for each group of points that differ in more than repetition, of its first point.
 */
export async function boxedPictures(
  outcomes: readonly StageOutcome[],
  replicates: ReadonlySet<string>,
  openFile: OpenFile,
  notes: Notes,
): Promise<readonly BoxedRow[]> {
  const found: BoxedRow[] = [];
  for (const [stage, all] of byStage(outcomes)) {
    const kinds = kindsOf(all, 'pictures.json', replicates);
    for (const { outcome, point } of kinds.slice(0, most)) {
      const described = await readStageFile(outcome, 'pictures.json', openFile, notes);
      const bytes = await readStageFile(outcome, 'pictures.npy', openFile, notes);
      if (!described || !bytes) continue;
      const rows = rowsIn(described);
      const drawn = rows && (await drawRows(arrayIn(bytes, 'pictures.npy'), rows.rows));
      if (!rows || !drawn) {
        notes.add(
          `pictures.npy of ${outcome.planned.id} is not uint8 of shape (k, h, w, 3) with its rows in pictures.json`,
        );
        continue;
      }
      found.push(...drawn.map((row) => ({ stage, point, least: rows.least, ...row })));
    }
    const left = kinds.length - most;
    if (left > 0) notes.add(`what ${left} more kinds of points of ${stage} found is not drawn`);
  }
  return found;
}

type Drawn = Pick<BoxedRow, 'name' | 'of' | 'pictures'>;

async function drawRows(
  array: NpyArray | undefined,
  rows: readonly Row[],
): Promise<readonly Drawn[] | undefined> {
  const [count = 0, h = 0, w = 0, channels = 0] = array?.shape ?? [];
  const described = rows.flatMap(({ pictures }) => pictures);
  if (!(array?.data instanceof Uint8Array) || array.shape.length !== 4 || channels !== 3) {
    return undefined;
  }
  if (count !== described.length) return undefined;
  const drawn: Drawn[] = [];
  let at = 0;
  for (const { name, of, pictures } of rows) {
    const own: BoxedPicture[] = [];
    for (const picture of pictures) {
      const raw = Buffer.from(
        array.data.buffer,
        array.data.byteOffset + at++ * h * w * 3,
        h * w * 3,
      );
      const [left, top, right, bottom] = picture.place;
      if (left < 0 || top < 0 || right > w || bottom > h || left >= right || top >= bottom) {
        return undefined;
      }
      const [width, height] = [right - left, bottom - top];
      const png = await sharp(raw, { raw: { width: w, height: h, channels: 3 } })
        .extract({ left, top, width, height })
        .png({ compressionLevel: 9, palette: false })
        .toBuffer();
      own.push({ ...inPlace(picture, left, top), png, width, height });
    }
    drawn.push({ name, of, pictures: own });
  }
  return drawn;
}

/** A picture with boxes where its part of the square has them. */
function inPlace(picture: Described, left: number, top: number): Described {
  const moved = ([l, t, r, b]: Box): Box => [l - left, t - top, r - left, b - top];
  return {
    ...picture,
    found: picture.found.map((one) => ({ ...one, box: moved(one.box) })),
    objects: picture.objects.map((one) => ({ ...one, box: moved(one.box) })),
  };
}
