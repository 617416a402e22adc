import pc from 'picocolors';
import type { Plan, PlannedStage } from '../../plan/plan.js';
import { type Group, groupsOf, listed } from './plan-groups.js';
import { whichPoints } from './which-points.js';

/** A plan as text: for each stage what is done with its points, and why. */
export function planText(plan: Plan, options: { colour: boolean; all: boolean }): string {
  const { green, yellow, dim, bold } = pc.createColors(options.colour);
  const paint = { hit: green, run: yellow, await: dim, drop: dim };
  const byName = new Map<string, PlannedStage[]>();
  for (const stage of plan.stages) {
    const same = byName.get(stage.name);
    if (same) same.push(stage);
    else byName.set(stage.name, [stage]);
  }
  const groups = groupsOf(plan.stages, options.all).map((group) => {
    const all = byName.get(group.name) ?? [];
    return { ...group, title: titleOf(group, all.length), which: whichOf(group, all) };
  });
  const width = Math.max(0, ...groups.map(({ title }) => title.length));
  const { hit, run, await: waiting, drop } = plan.summary;
  const dropped = drop === undefined ? '' : `, ${drop} drop`;
  const isShort = groups.some(({ isSummary, which }) => isSummary || which?.isSome === true);
  return [
    `${bold(plan.file)}: ${hit} hit, ${run} run, ${waiting} await${dropped}`,
    ...groups.map(({ action, title, lines: [first = '', ...rest], which }) => {
      const head = `${paint[action](action.padEnd(5))}  ${title.padEnd(width)}`;
      const indent = ' '.repeat(7 + width + 2);
      return [
        `${head}  ${dim(first)}`.trimEnd(),
        ...rest.map((line) => indent + dim(line)),
        ...(which?.lines ?? []).map((line) => ' '.repeat(9) + dim(line)),
      ].join('\n');
    }),
    ...(isShort
      ? [dim('`--all` has a line for every point, `--json` all that is known of each')]
      : []),
  ].join('\n');
}

function titleOf({ name, stages }: Group, total: number): string {
  const [first, ...more] = stages;
  if (first && more.length === 0) return first.id;
  const count = stages.length === total ? `${total}` : `${stages.length} of ${total}`;
  return `${name}  ${count} points`;
}

/** Which of all points of its declaration a group has; `isSome`: only a few of them are named. */
function whichOf(
  { stages }: Group,
  all: readonly PlannedStage[],
): { readonly lines: readonly string[]; readonly isSome: boolean } | undefined {
  if (stages.length === 1 || stages.length === all.length) return undefined;
  const pointOf = ({ point }: PlannedStage) => point;
  const products = whichPoints(stages.map(pointOf), all.map(pointOf));
  if (products) return { lines: products, isSome: false };
  const ids = stages.map(({ id, name }) => id.slice(name.length));
  return { lines: [listed(ids, ' ')], isSome: true };
}
