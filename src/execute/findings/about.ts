import type { About, StageOutcome } from '../record.js';

/** What evaluations say of their numbers, once for all declarations that say the same. */
export function aboutOf(outcomes: readonly StageOutcome[]): readonly About[] {
  const byStage = new Map<string, Map<string, Set<string | number>>>();
  for (const { planned, record } of outcomes) {
    if (record?.output.type !== 'Metrics' || !record.facts) continue;
    const found = byStage.get(planned.name) ?? new Map<string, Set<string | number>>();
    byStage.set(planned.name, found);
    for (const [name, value] of Object.entries(record.facts)) {
      found.set(name, (found.get(name) ?? new Set()).add(value));
    }
  }
  const said = new Map<string, { readonly stages: string[]; readonly facts: About['facts'] }>();
  for (const [stage, found] of byStage) {
    const facts = Object.fromEntries([...found].map(([name, values]) => [name, [...values]]));
    const alike = JSON.stringify(facts);
    const before = said.get(alike);
    if (before) before.stages.push(stage);
    else said.set(alike, { stages: [stage], facts });
  }
  return [...said.values()];
}
