import jstat from 'jstat';
import { mean, std } from '../language/statistics.js';

/** 95 % confidence interval of the mean by Student's t; none for fewer than two numbers. */
export function ci95(values: readonly number[]): { low: number; high: number } | undefined {
  const spread = std(values);
  if (spread === undefined) return undefined;
  const half =
    (jstat.jStat.studentt.inv(0.975, values.length - 1) * spread) / Math.sqrt(values.length);
  const centre = mean(values);
  return { low: centre - half, high: centre + half };
}
