import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';

/** What decides whether bfloat16 is fast here. */
export interface Hardware {
  /** The beginning of `/proc/cpuinfo`, empty where there is none. */
  readonly cpuinfo: string;
  /** Compute capability of each GPU that is used, as `nvidia-smi` prints it: `8.6`. */
  readonly capabilities: readonly string[];
}

/**
 * What `precision: "auto"` means on a machine: bf16 where all GPUs that are used (or, without any, the
 * processor) multiply in it: compute capability 8.0, or AVX512_BF16, AMX_BF16 or Arm's BF16.
 */
export function bestPrecision({ cpuinfo, capabilities }: Hardware): 'fp32' | 'bf16' {
  if (capabilities.length > 0) {
    return capabilities.every((text) => Number.parseFloat(text) >= 8) ? 'bf16' : 'fp32';
  }
  const flags = /^(?:flags|Features)\s*:(.*)$/m.exec(cpuinfo)?.[1]?.split(/\s+/) ?? [];
  return ['avx512_bf16', 'amx_bf16', 'bf16'].some((flag) => flags.includes(flag)) ? 'bf16' : 'fp32';
}

/** Looks at this machine, without TensorFlow. `gpus`: ids of those that are used. */
export function hardware(gpus: readonly number[]): Hardware {
  if (gpus.length === 0) return { cpuinfo: firstProcessor(), capabilities: [] };
  const query = ['--query-gpu=compute_cap', '--format=csv,noheader', `--id=${gpus.join(',')}`];
  const { status, stdout } = spawnSync('nvidia-smi', query, { encoding: 'utf8' });
  const lines = status === 0 ? stdout.trim().split('\n') : [];
  // One that does not answer is not known to be fast.
  return { cpuinfo: '', capabilities: gpus.map((_, index) => lines[index] ?? '0') };
}

/** `/proc/cpuinfo` says the same of each processor, and takes long to write for many. */
function firstProcessor(): string {
  const buffer = Buffer.alloc(8192);
  try {
    const file = openSync('/proc/cpuinfo', 'r');
    try {
      return buffer.toString('latin1', 0, readSync(file, buffer));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
