import type { StageOutcome } from '../../execute/record.js';
import { type Point, pointText } from '../points.js';
import type { Remark } from '../remark.js';

/** What says that two sets of pairs are not matched: by these facts of theirs. */
const COMPARED = ['pairs', 'classes', 'pairs of a class'] as const;

/**
 * Says which sets of pairs are compared along an axis of sets although they have not the same number of
 * pairs or classes: what differs there is not the kind of pairs alone. Told by what the stages say of
 * their results; that two sets have the same classes is measured by `std.pairs.matched`.
 */
export function unmatchedPairs(outcomes: readonly StageOutcome[]): readonly Remark[] {
  const found = new Map<string, Set<string>>();
  for (const { axis, sets } of comparedSets(outcomes)) {
    const [first, ...rest] = [...sets];
    if (!first) continue;
    for (const [label, set] of rest) {
      if (isMatched(first[1], set)) continue;
      const text = `the pairs that \`${axis}\` compares are not matched: ${first[0]} has ${sizeOf(first[1])}; ${label} has ${sizeOf(set)}`;
      const ids = found.get(text) ?? new Set();
      found.set(text, ids.add(first[1].planned.id).add(set.planned.id));
    }
  }
  return [...found].map(([text, ids]) => ({ text, ids: [...ids] }));
}

interface Compared {
  readonly axis: string;
  /** By the axis's labels. */
  readonly sets: ReadonlyMap<string, StageOutcome>;
}

/** The sets of pairs that points of one training read which differ in one axis alone, where it is an axis of sets. */
function* comparedSets(outcomes: readonly StageOutcome[]): Generator<Compared> {
  const made = new Map(
    outcomes.flatMap((outcome) =>
      outcome.record?.output.type === 'Pairs' ? [[outcome.planned.id, outcome] as const] : [],
    ),
  );
  const groups = new Map<
    string,
    { readonly axis: string; readonly sets: Map<string, StageOutcome> }
  >();
  for (const { planned } of outcomes) {
    // What measures pairs may look at any; it is trainings on them that are compared.
    if (planned.result === 'Metrics') continue;
    const set = planned.inputs.map((id) => made.get(id)).find((input) => input !== undefined);
    if (!set) continue;
    for (const [axis, label] of Object.entries(planned.point)) {
      const group = JSON.stringify([planned.name, axis, elsewhere(planned.point, axis)]);
      const before = groups.get(group);
      if (before) before.sets.set(label, set);
      else groups.set(group, { axis, sets: new Map([[label, set]]) });
    }
  }
  for (const compared of groups.values()) {
    const names = new Set([...compared.sets.values()].map(({ planned }) => planned.name));
    // Of an axis that a set varies over, as one of sizes does, its sets have the name of the set.
    if (names.size > 1 || names.has(compared.axis)) yield compared;
  }
}

const elsewhere = (point: Point, axis: string): string =>
  pointText(
    point,
    Object.keys(point).filter((other) => other !== axis),
  );

function isMatched(a: StageOutcome, b: StageOutcome): boolean {
  const [one, other] = [a.record?.facts, b.record?.facts];
  // Results of before there were facts say nothing.
  if (!one || !other) return true;
  return COMPARED.every((name) => one[name] === other[name]);
}

/** `29,359 pairs of 187 classes, 157 of each`. */
function sizeOf({ record }: StageOutcome): string {
  const { pairs, classes, 'pairs of a class': each } = record?.facts ?? {};
  const text = (value: string | number | undefined): string =>
    typeof value === 'number' ? value.toLocaleString('en-US') : (value ?? '');
  if (classes === undefined) return `${text(pairs)} pairs`;
  return `${text(pairs)} pairs of ${text(classes)} classes, ${text(each)} of each`;
}
