import { counted as numbered } from '../../base/counted.js';
import { listing } from '../../base/nearest.js';
import type { Counted } from '../../execute/costs/counted.js';
import { bytesText } from '../../report/numbers/format-number.js';
import { hours } from './estimate-text.js';

/** Lines of what was counted where nothing was measured, and of what there is no estimate of. */
export function countedTexts(counted: Counted, teraPerSecond: number): readonly string[] {
  const { names, points, operations, bytes, unknown } = counted;
  const measure = 'running one of its points for one epoch measures it';
  const lines: string[] = [];
  if (names.length > 0) {
    const deviceHours = hours(operations / (teraPerSecond * 1e12));
    lines.push(
      `estimate for ${numbered(points, 'point')} of ${listing(names)} by counting, as nothing like was measured: ${operations.toExponential(1)} operations of networks (forward and back; not heads, losses and views), so ${deviceHours} device-hours where a device does ${teraPerSecond} x 10^12 a second (--tflops), and ${bytesText(bytes)} of images, weights and features; ${measure}`,
    );
  }
  if (unknown.length > 0) {
    lines.push(`no estimate: nothing like ${listing(unknown)} was measured; ${measure}`);
  }
  return lines;
}
