import { counted } from '../../base/counted.js';
import { listing } from '../../base/nearest.js';
import type { Estimate } from '../../execute/costs/estimate.js';
import type { PlannedStage } from '../../plan/plan.js';
import { bytesText, durationText } from '../../report/numbers/format-number.js';

/** `estimate, from like stages: 3 h 20 min of work (40 min along the longest chain), 2.5 GPU-hours, 1.2 GB`. */
export function estimateText(estimate: Estimate): string {
  const { points, seconds, longestSeconds, gpuSeconds, threadSeconds, bytes, unknown } = estimate;
  const parts = [
    `${durationText(seconds)} of work (${durationText(longestSeconds)} along the longest chain)`,
    ...(gpuSeconds > 0 ? [`${hours(gpuSeconds)} GPU-hours`] : []),
    ...(threadSeconds > 0 ? [`${hours(threadSeconds)} processor-hours`] : []),
    `${bytesText(bytes)} of results`,
  ];
  const without = unknown.length === 0 ? '' : `; nothing like ${unknown.join(', ')} was measured`;
  return `estimate for ${counted(points, 'point')}, from like ones: ${parts.join(', ')}${without}`;
}

/** Said where nothing like what wants GPUs was measured; undefined for a plan without such. */
export function noEstimateText(stages: readonly PlannedStage[]): string | undefined {
  const open = stages.filter(
    ({ action, resources }) => action !== 'hit' && action !== 'drop' && (resources.gpus ?? 0) > 0,
  );
  if (open.length === 0) return undefined;
  const names = listing([...new Set(open.map(({ name }) => name))]);
  return `no estimate: nothing like ${names} was measured; running one of its points for one epoch measures it`;
}

const hours = (seconds: number): string => String(Number((seconds / 3600).toPrecision(2)));
