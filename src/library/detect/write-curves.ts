import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgedAt } from './judge-images.js';
import { type ClassResults, meanOf } from './measure/results.js';
import { recalls } from './measure/thresholds.js';
import {
  averagePrecision,
  bestFrom,
  type Curve,
  countOf,
  type VocRule,
  vocCurve,
  vocMatches,
} from './measure/voc.js';

/**
 * Writes `curves.json`: precision and recall of each class at an overlap of a half, where the recall rises, and
 * the mean over the classes that have objects of the best precision at each of 101 recalls or above.
 */
export function writeCurves(
  out: string,
  names: readonly string[],
  results: readonly ClassResults[],
  rule: VocRule,
  images: number,
): void {
  const classes = names.map((name, number) => {
    const of = results[number] ?? { truths: [], detections: [] };
    const curve = rising(vocCurve(countOf(of), vocMatches(of, judgedAt)));
    return { name, all: of.truths.length, curve, ap: averagePrecision(curve, rule) };
  });
  const best = classes.flatMap(({ curve }) => (curve.objects === 0 ? [] : [atRecalls(curve)]));
  const mean = recalls.map((_, at) => meanOf(best.map((of) => of[at] ?? 0)) ?? 0);
  const lines = classes.map(({ name, all, curve, ap }) =>
    JSON.stringify({
      class: name,
      objects: curve.objects,
      difficult: all - curve.objects,
      ap,
      recall: curve.recall.map(short),
      precision: curve.precision.map(short),
    }),
  );
  const head = JSON.stringify({
    format: 'ssp-precision-recall',
    version: 1,
    overlap: judgedAt,
    rule: rule.of,
    images,
    ap: meanOf(classes.map(({ ap }) => ap)),
    mean: { recall: recalls.map(short), precision: mean.map(short) },
  });
  writeFileSync(
    join(out, 'curves.json'),
    `${head.slice(0, -1)},"classes":[\n${lines.join(',\n')}\n]}\n`,
  );
}

/** The curve where its recall rises: between, the precision falls, so nothing that is measured is lost. */
function rising({ objects, recall, precision }: Curve): Curve {
  const places = [...recall.keys()].filter((at) => (recall[at] ?? 0) > (recall[at - 1] ?? 0));
  const at = (values: readonly number[]) => places.map((place) => values[place] ?? 0);
  return { objects, recall: at(recall), precision: at(precision) };
}

/** The best precision at each of 101 recalls or above. */
function atRecalls({ recall, precision }: Curve): readonly number[] {
  const best = bestFrom(precision);
  return recalls.map((least) => best[recall.findIndex((value) => value >= least)] ?? 0);
}

const short = (value: number): number => Number(value.toFixed(5));
