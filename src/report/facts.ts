import type { StageOutcome, StageResult, Table } from '../execute/record.js';

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

/** What the numbers of a table are about, in one line; of several evaluations that differ, each by its name. */
export function aboutText(about: Table['about']): string {
  const texts = about.map(({ stages, facts }) => {
    const text = Object.entries(facts).map(([name, values]) => `${name} ${valuesText(values)}`);
    return about.length > 1 ? `${stages.join(', ')}: ${text.join(', ')}` : text.join('; ');
  });
  return texts.join('; ');
}

/** `30`; of several numbers the least and the most; of texts three. */
function valuesText(values: readonly (string | number)[]): string {
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length < values.length) {
    const shown = values
      .slice(0, 3)
      .map((value) => (typeof value === 'number' ? counted(value) : value));
    return `${shown.join(' or ')}${values.length > 3 ? ' and others' : ''}`;
  }
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? counted(least) : `${counted(least)} to ${counted(most)}`;
}

/** `300,000`. */
const counted = (value: number): string => value.toLocaleString('en-US');
