import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FoundBox } from './found-boxes.js';
import { boxedAt, type Setting } from './setting.js';

/** Writes `detections.json`: a line for each image of the test, its objects and what was found. */
export function writeDetections(
  out: string,
  { images, boxes }: Setting,
  asked: Int32Array,
  found: readonly (readonly FoundBox[])[],
): void {
  const lines = Array.from(asked, (index, at) =>
    JSON.stringify({
      image: images.item(index).name,
      objects: boxedAt(boxes, index).objects.map(({ class: number, box, difficult }) => ({
        class: number,
        box,
        difficult,
      })),
      found: found[at] ?? [],
    }),
  );
  const head = JSON.stringify({ format: 'ssp-detections', version: 2, classes: boxes.classes });
  writeFileSync(
    join(out, 'detections.json'),
    `${head.slice(0, -1)},"images":[\n${lines.join(',\n')}\n]}\n`,
  );
}
