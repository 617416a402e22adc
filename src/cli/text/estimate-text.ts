import { counted } from '../../base/counted.js';
import type { Estimate } from '../../execute/costs/estimate.js';
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

/** Of seconds, in two digits. */
export const hours = (seconds: number): string => String(Number((seconds / 3600).toPrecision(2)));
