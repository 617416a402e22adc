import { counted } from '../../base/counted.js';
/** What a run would do with the points of a stage, and why. */
export interface StageState {
  readonly points: number;
  readonly hit: number;
  readonly run: number;
  readonly await: number;
  readonly drop: number;
  /** Each reason once, the most frequent first. */
  readonly why: readonly string[];
}

/** By the name of the stage: `encoder`, `pairs`, `transfer.on`. */
export type StageStates = ReadonlyMap<string, StageState>;

/** `12 points: 8 hit, 4 run`. */
export function countText({ points, hit, run, await: waiting, drop }: StageState): string {
  const count = counted(points, 'point');
  const parts = [
    [hit, 'hit'],
    [run, 'run'],
    [waiting, 'await'],
    [drop, 'drop'],
  ] as const;
  const some = parts.filter(([n]) => n > 0);
  const [only] = some;
  if (some.length === 1 && only) return `${count}: ${only[1]}`;
  return some.length === 0
    ? count
    : `${count}: ${some.map(([n, word]) => `${n} ${word}`).join(', ')}`;
}

/** The same with every reason, as Markdown. */
export function stateText(state: StageState): string {
  const why = state.why.slice(0, 8).map((reason) => `- ${reason}`);
  return [`**${countText(state)}**`, ...(why.length > 0 ? ['', ...why] : [])].join('\n');
}
