import { stringify } from 'yaml';
import { UsageError } from '../../base/errors.js';
import type { StageRecord } from '../../execute/record.js';
import { nearestRecords } from '../../execute/store/nearest-record.js';
import { explain } from '../../plan/explain.js';
import type { Change, PlannedStage } from '../../plan/plan.js';
import { namedPoints } from '../../plan/select.js';
import { command, common, experiment } from '../command.js';
import { openSession } from '../study/session.js';
import { changeLine } from '../text/plan-groups.js';

export const why = command({
  name: 'why',
  summary: "print a stage's key record and its difference from the nearest other one of that stage",
  arguments: [
    { name: '<file>', about: 'a .ssp file' },
    { name: '<stage>', about: "a stage, as in encoder or 'encoder[pairs: sp, seed: 1]'" },
  ],
  options: [
    ...experiment,
    { flags: '--all', about: 'the whole record of every point, not only of a single one' },
    common.json,
  ],
  examples: ["ssp why pipelines/quickstart.ssp 'encoder[pairs: sp, views: crop, seed: 1]'"],
  async run(io, [file, target], options) {
    if (target === undefined) throw new UsageError('no stage was named');
    const session = await openSession(io, file, options);
    if (session === undefined) return 1;
    const named = new Set(namedPoints(session.points, target).map((point) => point.id));
    const nearest = nearestRecords(session.store, named.size);
    const answers = session.plan.stages
      .filter((stage) => named.has(stage.id))
      .map((stage) => ({ stage, other: otherOf(stage, nearest(stage)) }));
    if (options.json) io.out(JSON.stringify({ version: 1, stages: answers.map(toJson) }, null, 2));
    else {
      const whole = options.all === true || answers.length === 1;
      io.out(answers.map((answer) => toText(answer, whole)).join('\n\n'));
      if (!whole) io.err('one point, or `--all`, shows the records too');
    }
    return 0;
  },
});

interface Other {
  readonly key: string;
  readonly id: string;
  readonly changes: readonly Change[];
}

interface Answer {
  readonly stage: PlannedStage;
  readonly other: Other | undefined;
}

/** A record of the stage with another key, and what is different now. */
function otherOf(stage: PlannedStage, found: StageRecord | undefined): Other | undefined {
  if (stage.record === undefined || found === undefined) return undefined;
  return { key: found.key, id: found.id, changes: explain(found.record, stage.record, stage) };
}

function toJson({ stage, other }: Answer) {
  const { id, key, action, reason, record } = stage;
  return { id, key: key ?? null, action, reason, record: record ?? null, other: other ?? null };
}

function toText({ stage, other }: Answer, whole: boolean): string {
  const { id, key, action, reason, record } = stage;
  const head = `${id}: ${action}`;
  if (action === 'drop') return `${head}\n  ${reason.why ?? ''}`;
  if (record === undefined) {
    const waits = (reason.waitsFor ?? []).join(', ');
    return `${head}\n  its key is not known yet: it waits for ${waits}`;
  }
  const said = reason.why === undefined ? [] : [`  ${reason.why}`];
  const body = whole ? [stringify(record).trimEnd().replaceAll(/^/gm, '  ')] : [];
  const difference =
    other === undefined
      ? ['  no other record of this stage']
      : [
          `  differs from ${other.id} (${other.key.slice(0, 12)}):`,
          ...other.changes.map((change) => `    ${changeLine(change, stage)}`),
        ];
  return [head, `  key ${key}`, ...said, ...body, ...difference].join('\n');
}
