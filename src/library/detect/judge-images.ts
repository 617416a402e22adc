import type { Box, BoxedObject, Boxes } from '../artifact/boxes.js';
import { type FoundBox, resultsOf } from './found-boxes.js';
import { iou } from './measure/results.js';
import { type Match, vocMatches } from './measure/voc.js';
import { boxedAt } from './setting.js';

/** The overlap at which boxes are judged one by one: that of `ap50`. */
export const judgedAt = 0.5;

/**
 * What became of a box. Of those that are wrong: `again` is of an object that one with a higher score has
 * found, `other class` lies on an object of another class, `badly placed` overlaps by at least a tenth.
 */
export type Verdict =
  | 'right'
  | 'difficult'
  | 'again'
  | 'other class'
  | 'badly placed'
  | 'nothing there';

export interface JudgedBox extends FoundBox {
  /** Intersection over union with the object of its class that it overlaps with most. */
  readonly overlap: number;
  readonly verdict: Verdict;
}

export interface JudgedObject extends BoxedObject {
  /** Of the box of its class that overlaps with it most. */
  readonly overlap: number;
  readonly found: boolean;
}

/** What is in an image and what was found there, each in its order. */
export interface JudgedImage {
  readonly objects: readonly JudgedObject[];
  readonly found: readonly JudgedBox[];
}

/** Judges all boxes of the images that were asked for, by the rules of PASCAL VOC at an overlap of a half. */
export function judgeImages(
  boxes: Boxes,
  asked: Int32Array,
  found: readonly (readonly FoundBox[])[],
): readonly JudgedImage[] {
  const matches = resultsOf(boxes, asked, found).flatMap((of) => vocMatches(of, judgedAt));
  // A box is one list of numbers in memory, in whichever record it stands.
  const byBox = new Map(matches.map((match) => [match.detection.box, match]));
  const right = new Set<Box>(
    matches.flatMap(({ verdict, nearest }) =>
      verdict === 'right' && nearest ? [nearest.truth.box] : [],
    ),
  );
  return Array.from(asked, (index, at) => {
    const { objects } = boxedAt(boxes, index);
    const own = found[at] ?? [];
    return {
      objects: objects.map((object) => ({
        ...object,
        found: right.has(object.box),
        overlap: most(own, object),
      })),
      found: own.map((box) => judged(box, objects, byBox.get(box.box))),
    };
  });
}

function judged(
  box: FoundBox,
  objects: readonly BoxedObject[],
  match: Match | undefined,
): JudgedBox {
  const overlap = match?.nearest?.overlap ?? 0;
  if (match?.verdict === 'ignored') return { ...box, overlap, verdict: 'difficult' };
  if (match?.verdict === 'right' || match?.verdict === 'again') {
    return { ...box, overlap, verdict: match.verdict };
  }
  const onOther = objects.some(
    (object) => object.class !== box.class && iou(object.box, box.box) > judgedAt,
  );
  if (onOther) return { ...box, overlap, verdict: 'other class' };
  return { ...box, overlap, verdict: overlap >= 0.1 ? 'badly placed' : 'nothing there' };
}

const most = (found: readonly FoundBox[], { class: number, box }: BoxedObject): number =>
  Math.max(0, ...found.flatMap((one) => (one.class === number ? [iou(one.box, box)] : [])));
