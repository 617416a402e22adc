import type { PlannedStage, StagePoint } from '../../plan/plan.js';
import { type Cost, type CostOf, isMeasured } from './measured-costs.js';

/** What a plan will cost, estimated from like stages that were measured. */
export interface Estimate {
  /** Points that are to be done and that a like one was measured of; work that points share counts once. */
  readonly points: number;
  /** One after the other. */
  readonly seconds: number;
  /** Along the longest chain of points that wait for each other: no machine is quicker. */
  readonly longestSeconds: number;
  /** Seconds times GPUs. */
  readonly gpuSeconds: number;
  /** Seconds times threads, of what uses no GPU. */
  readonly threadSeconds: number;
  /** What results take on disk, before equal contents are kept once. */
  readonly bytes: number;
  /** Declarations of which nothing like was measured. */
  readonly unknown: readonly string[];
}

/**
 * Estimates what is to be done of a plan; undefined when nothing is, or nothing like was measured.
 */
export function estimate(
  stages: readonly PlannedStage[],
  costOf: CostOf,
  { onGpus = false }: { readonly onGpus?: boolean } = {},
): Estimate | undefined {
  const costs = new Map<string, Cost>();
  const unknown = new Set<string>();
  const keys = new Set<string>();
  let sum = { points: 0, seconds: 0, gpuSeconds: 0, threadSeconds: 0, bytes: 0 };
  for (const stage of stages) {
    // What halving has dropped is never done.
    if (stage.action === 'hit' || stage.action === 'drop') continue;
    const cost = costOf(stage);
    if (!isMeasured(stage, cost, { onGpus })) {
      unknown.add(stage.name);
      continue;
    }
    costs.set(stage.id, cost);
    if (stage.key !== undefined && keys.has(stage.key)) continue;
    if (stage.key !== undefined) keys.add(stage.key);
    const { seconds, bytes, gpus } = cost;
    sum = {
      points: sum.points + 1,
      seconds: sum.seconds + seconds,
      gpuSeconds: sum.gpuSeconds + seconds * gpus,
      threadSeconds: sum.threadSeconds + (gpus > 0 ? 0 : seconds * cost.threads),
      bytes: sum.bytes + bytes,
    };
  }
  if (sum.points === 0) return undefined;
  const chains = longestChains(stages, ({ id }) => costs.get(id)?.seconds ?? 0);
  const longestSeconds = stages.reduce((most, { id }) => Math.max(most, chains.get(id) ?? 0), 0);
  return { ...sum, longestSeconds, unknown: [...unknown] };
}

/**
 * The longest chains by measured times, for whoever has to choose what to begin with. What nothing like
 * was measured of counts as the mean of the rest.
 */
export function chainsOf(
  points: readonly StagePoint[],
  costOf: CostOf,
): ReadonlyMap<string, number> {
  const seconds = points.map((point) => costOf(point)?.seconds);
  const known = seconds.filter((one) => one !== undefined);
  const mean = known.reduce((sum, one) => sum + one, 0) / Math.max(1, known.length);
  const of = new Map(points.map(({ id }, i) => [id, seconds[i] ?? mean]));
  return longestChains(points, ({ id }) => of.get(id) ?? mean);
}

/** Seconds from the start of each point to the end of the longest chain that waits for it; points stand after their inputs. */
function longestChains(
  points: readonly StagePoint[],
  secondsOf: (point: StagePoint) => number,
): ReadonlyMap<string, number> {
  const after = new Map<string, number>();
  const chains = new Map<string, number>();
  for (const point of points.toReversed()) {
    const chain = secondsOf(point) + (after.get(point.id) ?? 0);
    chains.set(point.id, chain);
    for (const input of point.inputs) after.set(input, Math.max(after.get(input) ?? 0, chain));
  }
  return chains;
}
