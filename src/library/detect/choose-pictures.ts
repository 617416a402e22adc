import type { JudgedBox, JudgedImage, JudgedObject } from './judge-images.js';
import { areaOf } from './measure/results.js';

/** Pictures of a kind. */
const most = 6;

/** A picture is of one box or object of an image, by its place among those that were found or are there. */
export interface Choice {
  /** The image's place among those that were asked for. */
  readonly image: number;
  readonly at: number;
}

/** Pictures that show how good a detector is. */
export interface Choices {
  /** Right boxes with the highest scores. */
  readonly best: readonly Choice[];
  /** Wrong boxes with the highest scores. */
  readonly worst: readonly Choice[];
  /** Objects that count and were not found, the largest of them. */
  readonly missed: readonly Choice[];
}

/** The classes in turn, and no image twice among the pictures of a kind. */
export function choosePictures(images: readonly JudgedImage[]): Choices {
  const ofBoxes = (isIn: (box: JudgedBox) => boolean): readonly Choice[] =>
    inTurn(
      images.flatMap(({ found }, image) =>
        found.flatMap((box, at) =>
          isIn(box) ? [{ image, at, class: box.class, rank: box.score }] : [],
        ),
      ),
    );
  const isMissed = ({ found, difficult }: JudgedObject): boolean => !found && !difficult;
  return {
    best: ofBoxes(({ verdict }) => verdict === 'right'),
    worst: ofBoxes(({ verdict }) => verdict !== 'right' && verdict !== 'difficult'),
    missed: inTurn(
      images.flatMap(({ objects }, image) =>
        objects.flatMap((object, at) =>
          isMissed(object) ? [{ image, at, class: object.class, rank: areaOf(object.box) }] : [],
        ),
      ),
    ),
  };
}

interface Candidate extends Choice {
  readonly class: number;
  readonly rank: number;
}

/** The highest of each class, then the second highest of each, until there are enough. */
function inTurn(candidates: readonly Candidate[]): readonly Choice[] {
  const seen = new Map<number, number>();
  const turns = candidates
    .toSorted((a, b) => b.rank - a.rank)
    .map((candidate) => {
      const turn = seen.get(candidate.class) ?? 0;
      seen.set(candidate.class, turn + 1);
      return { ...candidate, turn };
    })
    .sort((a, b) => a.turn - b.turn || b.rank - a.rank);
  const shown = new Map<number, Choice>();
  for (const { image, at } of turns) {
    if (shown.size === most) break;
    if (!shown.has(image)) shown.set(image, { image, at });
  }
  return [...shown.values()];
}
