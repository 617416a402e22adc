import { expect, it } from 'vitest';
import type { Box, Boxes } from '../../../src/library/artifact/boxes.js';
import { choosePictures } from '../../../src/library/detect/choose-pictures.js';
import type { FoundBox } from '../../../src/library/detect/found-boxes.js';
import { judgeImages } from '../../../src/library/detect/judge-images.js';

const object = (number: number, box: Box, difficult = false) => ({
  class: number,
  box,
  difficult,
  truncated: false,
});
const found = (number: number, score: number, box: Box): FoundBox => ({
  class: number,
  score,
  box,
});

const square = { width: 100, height: 100, place: [0, 0, 100, 100] as const };
const boxes: Boxes = {
  classes: ['cat', 'dog'],
  images: [
    {
      ...square,
      objects: [
        object(0, [0, 0, 10, 10]),
        object(1, [40, 40, 60, 60]),
        object(0, [80, 80, 90, 90], true),
      ],
    },
    { ...square, objects: [object(0, [0, 0, 50, 50]), object(1, [60, 60, 70, 70])] },
    { ...square, objects: [] },
  ],
};
const detected = [
  [
    found(0, 0.9, [0, 0, 10, 9]),
    found(0, 0.8, [0, 0, 10, 10]),
    found(0, 0.7, [80, 80, 90, 90]),
    found(0, 0.6, [41, 40, 60, 60]),
    found(1, 0.5, [50, 40, 70, 60]),
    found(1, 0.4, [0, 90, 5, 95]),
  ],
  [found(1, 0.95, [60, 60, 70, 70])],
  [found(1, 0.3, [1, 1, 2, 2])],
] as const;

const judged = judgeImages(boxes, Int32Array.of(0, 1, 2), detected);

it('says of each box what became of it', () => {
  expect(
    judged[0]?.found.map(({ verdict, overlap }) => [verdict, Number(overlap.toFixed(3))]),
  ).toEqual([
    ['right', 0.9],
    ['again', 1],
    ['difficult', 1],
    ['other class', 0],
    ['badly placed', 0.333],
    ['nothing there', 0],
  ]);
  expect(judged[0]?.objects.map((one) => [one.found, Number(one.overlap.toFixed(3))])).toEqual([
    [true, 1],
    [false, 0.333],
    [false, 1],
  ]);
});

it('chooses what is best, worst and missed, the classes in turn and no image twice', () => {
  expect(choosePictures(judged)).toEqual({
    best: [
      { image: 1, at: 0 },
      { image: 0, at: 0 },
    ],
    // The cat that was found again is surer than the dog that is badly placed in the same image.
    worst: [
      { image: 0, at: 1 },
      { image: 2, at: 0 },
    ],
    // A difficult object is no loss.
    missed: [
      { image: 1, at: 0 },
      { image: 0, at: 1 },
    ],
  });
});
