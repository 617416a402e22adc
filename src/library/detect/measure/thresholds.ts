/** numpy's `linspace(low, high, count)`, to the last bit. */
function linspace(low: number, high: number, count: number): readonly number[] {
  const step = (high - low) / (count - 1);
  return Array.from({ length: count }, (_, at) => (at === count - 1 ? high : low + at * step));
}

/** .50:.05:.95, the overlaps over which COCO averages. */
export const cocoOverlaps: readonly number[] = linspace(0.5, 0.95, 10);

/** The same, over which detectron2 averages the precision of VOC: some differ in the last bit. */
export const vocOverlaps: readonly number[] = Array.from(
  { length: 10 },
  (_, at) => (50 + 5 * at) / 100,
);

/** The recalls at which COCO takes the precision. */
export const recalls: readonly number[] = linspace(0, 1, 101);

/** Those of VOC 2007, numpy's `arange(0, 1.1, 0.1)`: some lie a bit above the decimal. */
export const elevenRecalls: readonly number[] = Array.from({ length: 11 }, (_, at) => at * 0.1);
