import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type CocoMetrics, cocoMetrics } from '../../../../src/library/detect/measure/coco.js';
import type { ClassResults } from '../../../../src/library/detect/measure/results.js';
import {
  asWritten,
  countOf,
  type VocMetrics,
  vocCurve,
  vocMatches,
  vocMetrics,
} from '../../../../src/library/detect/measure/voc.js';

interface Case {
  readonly classes: readonly ClassResults[];
  readonly coco: CocoMetrics;
  readonly eleven: VocMetrics;
  readonly area: VocMetrics;
  /** By eleven points, of detections as detectron2 writes them. */
  readonly written: VocMetrics;
}

const file = new URL('../../../fixtures/parity/detection_metrics.json', import.meta.url);
const cases: Readonly<Record<string, Case>> = JSON.parse(readFileSync(file, 'utf8'));

/** Every number within 1e-9 of the reference; what has none has none there. */
function expectAlike(found: object, reference: object): void {
  const near = (value: unknown): unknown =>
    typeof value === 'number' ? expect.closeTo(value, 9) : value;
  const entries = Object.entries(reference).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map(near) : near(value),
  ]);
  expect(found).toEqual(Object.fromEntries(entries));
}

it.each(Object.keys(cases))('agrees with pycocotools: %s', (name) => {
  const { classes, coco } = cases[name] ?? expect.fail();
  expectAlike(cocoMetrics(classes), coco);
});

it.each(Object.keys(cases))('agrees with the rules of VOC: %s', (name) => {
  const { classes, eleven, area, written } = cases[name] ?? expect.fail();
  expectAlike(vocMetrics(classes, { of: 'eleven points' }), eleven);
  expectAlike(vocMetrics(classes, { of: 'area' }), area);
  const few = classes.map(({ truths, detections }) => ({
    truths,
    detections: detections.map(asWritten),
  }));
  expectAlike(vocMetrics(few, { of: 'eleven points' }), written);
});

it('writes numbers as Python does, halves to the even one', () => {
  const { box, score } = asWritten({ image: 0, box: [0.25, 0.75, 2.05, 3.35], score: 0.0625 });
  expect(box.map((value) => value.toFixed(6))).toEqual([
    '0.200000',
    '0.800000',
    '2.000000',
    '3.400000',
  ]);
  expect(score).toBe(0.062);
});

it('draws the curve of a class', () => {
  const results = {
    truths: [
      { image: 0, box: [0, 0, 10, 10] },
      { image: 1, box: [0, 0, 10, 10] },
    ],
    detections: [
      { image: 0, box: [0, 0, 10, 9], score: 0.2 },
      { image: 0, box: [50, 0, 60, 10], score: 0.8 },
    ],
  } as const;
  const curve = vocCurve(countOf(results), vocMatches(results, 0.5));
  expect(curve).toEqual({ objects: 2, recall: [0, 0.5], precision: [0, 0.5] });
});
