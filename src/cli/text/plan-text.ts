import pc from 'picocolors';
import { changeText } from '../../plan/change-text.js';
import type { Change, Plan, PlannedStage, StagePoint } from '../../plan/plan.js';

/** Points of one stage that are treated alike for the same reason. */
interface Group {
  readonly name: string;
  readonly action: PlannedStage['action'];
  readonly lines: readonly string[];
  readonly ids: string[];
}

/** A plan as text: for each stage what is done with its points, and why. */
export function planText(plan: Plan, options: { colour: boolean; all: boolean }): string {
  const { green, yellow, dim, bold } = pc.createColors(options.colour);
  const paint = { hit: green, run: yellow, await: dim, drop: dim };
  const totals = new Map<string, number>();
  for (const { name } of plan.stages) totals.set(name, (totals.get(name) ?? 0) + 1);
  const groups = grouped(plan.stages, options.all);
  const width = Math.max(0, ...groups.map((group) => title(group, totals).length));
  const { hit, run, await: waiting, drop } = plan.summary;
  const dropped = drop === undefined ? '' : `, ${drop} drop`;
  return [
    `${bold(plan.file)}: ${hit} hit, ${run} run, ${waiting} await${dropped}`,
    ...groups.map((group) => {
      const head = `${paint[group.action](group.action.padEnd(5))}  ${title(group, totals).padEnd(width)}`;
      const [first = '', ...rest] = group.lines;
      const indent = ' '.repeat(7 + width + 2);
      return [`${head}  ${dim(first)}`.trimEnd(), ...rest.map((l) => indent + dim(l))].join('\n');
    }),
  ].join('\n');
}

function title(group: Group, totals: ReadonlyMap<string, number>): string {
  const total = totals.get(group.name) ?? 0;
  if (group.ids.length === 1) return group.ids[0] ?? group.name;
  if (group.ids.length === total) return `${group.name}  ${total} points`;
  return `${group.name}  ${group.ids.length} of ${total} points`;
}

function grouped(stages: readonly PlannedStage[], all: boolean): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const stage of stages) {
    const lines = why(stage);
    const key = all ? stage.id : JSON.stringify([stage.name, stage.action, lines]);
    const group = groups.get(key);
    if (group) group.ids.push(stage.id);
    else groups.set(key, { name: stage.name, action: stage.action, lines, ids: [stage.id] });
  }
  return [...groups.values()];
}

/** The reason of one point, a line for each change. */
function why(stage: PlannedStage): readonly string[] {
  const { reason } = stage;
  switch (reason.kind) {
    case 'cached':
    case 'recalled':
      return [reason.why ?? ''];
    case 'new':
      return ['not computed before'];
    case 'lost':
      return ['its content was damaged or deleted'];
    case 'changed':
      return [...new Set(reason.changes.map((change) => changeLine(change, stage)))];
    case 'upstream':
      return [`waits for ${namesOf(reason.waitsFor ?? [])}`];
    case 'dropped':
      return [reason.waitsFor ? `goes with ${namesOf(reason.waitsFor)}` : (reason.why ?? '')];
    case 'environment':
      return [`waits for the variable ${(reason.waitsFor ?? []).join(', ')} to be set`];
    case 'content':
      return [`waits for ${(reason.waitsFor ?? []).join(', ')}, which is not on this machine`];
  }
}

/** The names of the stages of some points. */
const namesOf = (ids: readonly string[]): string =>
  [...new Set(ids.map((id) => id.replace(/\[.*$/s, '')))].join(', ');

/** `views.grayscale  20% → 0%  study.ssp:12:5`. */
export function changeLine(change: Change, point: StagePoint): string {
  const { at } = change;
  const place = at === undefined ? '' : `  ${at.file}:${at.line}:${at.column}`;
  const { name, what } = changeText(change, point);
  return `${name}  ${what}${place}`;
}
