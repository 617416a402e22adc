import { stringify } from 'yaml';
import { UsageError } from '../../base/errors.js';
import type { Store } from '../../execute/store.js';
import { distance, explain } from '../../plan/explain.js';
import type { Change, KeyRecord, PlannedStage } from '../../plan/plan.js';
import { namedPoints } from '../../plan/select.js';
import { type Command, common } from '../command.js';
import { changeLine } from '../plan-text.js';
import { openSession } from '../session.js';

/** Records of the stage that are looked at for the nearest other one. */
const RECENT = 200;

export const why: Command = {
  name: 'why',
  summary: "print a stage's key record and its difference from the latest other one of that stage",
  arguments: [
    { name: '<file>', about: 'a .ssp file' },
    { name: '<stage>', about: "a stage, as in encoder or 'encoder[pairs: sp, seed: 1]'" },
  ],
  options: [common.set, common.store, common.points, common.gpus, common.eager, common.json],
  examples: ["ssp why pipelines/quickstart.ssp 'encoder[pairs: sp, views: crop, seed: 1]'"],
  async run(io, [file, target], options) {
    if (target === undefined) throw new UsageError('no stage was named');
    const session = await openSession(io, file, options);
    if (session === undefined) return 1;
    const named = new Set(namedPoints(session.points, target).map((point) => point.id));
    const answers = session.plan.stages
      .filter((stage) => named.has(stage.id))
      .map((stage) => ({ stage, other: otherRecord(session.store, stage) }));
    if (options.json) io.out(JSON.stringify({ version: 1, stages: answers.map(toJson) }, null, 2));
    else io.out(answers.map(toText).join('\n\n'));
    return 0;
  },
};

interface Other {
  readonly key: string;
  readonly id: string;
  readonly changes: readonly Change[];
}

interface Answer {
  readonly stage: PlannedStage;
  readonly other: Other | undefined;
}

/** The nearest record of the stage with another key, and what is different now. */
function otherRecord(store: Store, stage: PlannedStage): Other | undefined {
  const { key, record } = stage;
  if (record === undefined) return undefined;
  let best: { key: string; id: string; record: KeyRecord; far: number } | undefined;
  for (const candidate of new Set(store.recent(record.stage, RECENT))) {
    const found = candidate === key ? undefined : store.record(candidate);
    if (!found) continue;
    const far = distance(found.record, record);
    if (best === undefined || far < best.far) {
      best = { key: candidate, id: found.id, record: found.record, far };
    }
  }
  return best && { key: best.key, id: best.id, changes: explain(best.record, record, stage) };
}

function toJson({ stage, other }: Answer) {
  const { id, key, action, reason, record } = stage;
  return { id, key: key ?? null, action, reason, record: record ?? null, other: other ?? null };
}

function toText({ stage, other }: Answer): string {
  const { id, key, action, reason, record } = stage;
  const head = `${id}: ${action}`;
  if (record === undefined) {
    const waits = (reason.waitsFor ?? []).join(', ');
    return `${head}\n  its key is not known yet: it waits for ${waits}`;
  }
  const body = stringify(record).trimEnd().replaceAll(/^/gm, '  ');
  const difference =
    other === undefined
      ? ['  no other record of this stage']
      : [
          `  differs from ${other.id} (${other.key.slice(0, 12)}):`,
          ...other.changes.map((change) => `    ${changeLine(change, stage)}`),
        ];
  return [head, `  key ${key}`, body, ...difference].join('\n');
}
