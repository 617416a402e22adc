import { existsSync } from 'node:fs';
import type { Environment } from './environment.js';
import { runTool } from './run-tool.js';

/** One NVIDIA GPU as its driver describes it. */
export interface Gpu {
  /** Number by which a worker is given it (`CUDA_VISIBLE_DEVICES`). */
  readonly index: number;
  readonly name: string;
  /** Memory in MiB. */
  readonly memory: number;
  readonly driver: string;
}

/** The NVIDIA GPUs of this machine by `nvidia-smi`; none when there is no driver. */
export async function findGpus(env: Environment = process.env): Promise<readonly Gpu[]> {
  const query = [
    '--query-gpu=index,name,memory.total,driver_version',
    '--format=csv,noheader,nounits',
  ];
  const { code, stdout } = await runTool('nvidia-smi', query, { env });
  if (code !== 0) return [];
  return stdout.split('\n').flatMap((line) => {
    const [index, name, memory, driver] = line.split(',').map((field) => field.trim());
    return index && name && memory && driver
      ? [{ index: Number(index), name, memory: Number(memory), driver }]
      : [];
  });
}

/** Whether NVIDIA's kernel driver is loaded, with or without its `nvidia-smi`. */
export function driverIsLoaded(): boolean {
  return existsSync('/proc/driver/nvidia/version');
}
