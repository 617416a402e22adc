import type { Site } from '../../execute/slurm/site.js';
import type { NumericClass } from '../../plan/plan.js';

/** The class of numbers on the nodes of a cluster, as its site file says; `here`: that of this machine. */
export function classOnNodes({ gpu }: Site, here: NumericClass): NumericClass {
  if (gpu === undefined) return here;
  const { mode } = here;
  return {
    device: 'cuda',
    precision: mode === 'eager' ? 'fp32' : gpu.precision,
    ...(gpu.tf32 ? { tf32: true } : {}),
    ...(mode === undefined ? {} : { mode }),
  };
}
