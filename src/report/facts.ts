import type { StageOutcome, StageResult } from '../execute/record.js';

/** What is in a result, and the points that have the same, in the order of the plan. */
export interface ResultFacts {
  /** `encoder[seed=1]`. */
  readonly ids: readonly string[];
  /** `pairs 5,000; steps an epoch 78`. */
  readonly text: string;
}

/** What is in the results of each stage, once for all points that have the same. */
export function factsOf(outcomes: readonly StageOutcome[]): readonly ResultFacts[] {
  const found = new Map<string, { readonly ids: string[]; readonly text: string }>();
  for (const { planned, record } of outcomes) {
    const text = factsText(record?.facts);
    if (text === '') continue;
    const alike = JSON.stringify([planned.name, text]);
    const before = found.get(alike);
    if (before) before.ids.push(planned.id);
    else found.set(alike, { ids: [planned.id], text });
  }
  return [...found.values()];
}

/** Facts in one line; empty without any. */
export function factsText(facts: StageResult['facts'] = {}): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? counted(value) : value}`)
    .join('; ');
}

/** `300,000`. */
const counted = (value: number): string => value.toLocaleString('en-US');
