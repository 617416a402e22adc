import type { StageState, StageStates } from '../language/editor/stage-state.js';
import { changeText } from '../plan/change-text.js';
import type { Action, PlannedStage } from '../plan/plan.js';

interface Why {
  readonly text: string;
  readonly waits: boolean;
  readonly count: number;
}

/** A plan by stage: how many points would run, and each reason once. */
export function stageStates(planned: Iterable<PlannedStage>): StageStates {
  const found = new Map<string, { counts: Record<Action, number>; why: Map<string, Why> }>();
  for (const stage of planned) {
    const known = found.get(stage.name) ?? {
      counts: { hit: 0, run: 0, await: 0, drop: 0 },
      why: new Map(),
    };
    found.set(stage.name, known);
    known.counts[stage.action] += 1;
    for (const text of reasonsOf(stage)) {
      const why = known.why.get(text) ?? { text, waits: stage.action === 'await', count: 0 };
      known.why.set(text, { ...why, count: why.count + 1 });
    }
  }
  return new Map(
    [...found].map(([name, { counts, why }]): [string, StageState] => {
      // what runs says more than what waits for it
      const reasons = [...why.values()]
        .sort((a, b) => Number(a.waits) - Number(b.waits) || b.count - a.count)
        .map(({ text }) => text);
      const points = counts.hit + counts.run + counts.await + counts.drop;
      return [name, { points, ...counts, why: reasons }];
    }),
  );
}

function reasonsOf(stage: PlannedStage): readonly string[] {
  const { reason } = stage;
  const waits = reason.waitsFor ?? [];
  switch (reason.kind) {
    case 'cached':
    case 'recalled':
      return [];
    case 'new':
      return ['not computed before'];
    case 'lost':
      return ['its content was damaged or deleted'];
    case 'changed':
      return reason.changes.map((change) => {
        const { name, what } = changeText(change, stage);
        return `${name} ${what}`;
      });
    case 'upstream':
      return [`waits for ${namesOf(waits)}`];
    case 'dropped':
      return [waits.length > 0 ? `goes with ${namesOf(waits)}` : (reason.why ?? '')];
    case 'environment':
      return [`waits for the variable ${waits.join(', ')} to be set`];
    case 'content':
      return [`waits for ${waits.join(', ')}, which is not on this machine`];
  }
}

const namesOf = (ids: readonly string[]): string =>
  [...new Set(ids.map((id) => id.replace(/\[.*$/s, '')))].join(', ');
