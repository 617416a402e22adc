import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, freemem, release, totalmem } from 'node:os';
import { glibcVersion } from './supported-platform.js';

/** What a result may depend on or a reader may ask about, without TensorFlow. */
export interface Machine {
  /** E.g. `v20.20.2`. */
  readonly node: string;
  /** E.g. `linux x64`. */
  readonly platform: string;
  /** Name and version of the system, kernel, C library. */
  readonly os: string;
  readonly cpu: string;
  /** Those instruction sets of the processor that matter to TensorFlow. */
  readonly cpuFlags: readonly string[];
  /** Processors that this process may use. */
  readonly cores: number;
  /** Bytes of memory that this process may use in all, and that are free now. */
  readonly memory: number;
  readonly memoryFree: number;
}

const telling =
  /^(avx|avx2|fma|avx512f|avx512_vnni|avx512_bf16|avx512_fp16|avx_vnni|amx_tile|amx_bf16|amx_int8|asimd|bf16|sve)$/;

/** Reads the facts of this machine; cheap, and never throws. */
export function machine(): Machine {
  const limit = process.constrainedMemory();
  // Without a limit Node reports 0 or a number beyond the machine's memory.
  const memory = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    os: systemName(),
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cpuFlags: cpuFlags(),
    cores: availableParallelism(),
    memory,
    memoryFree: Math.min(memory, freeMemory()),
  };
}

function systemName(): string {
  const pretty = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(readText('/etc/os-release'))?.[1];
  const glibc = glibcVersion();
  return [pretty ?? process.platform, release(), glibc && `glibc ${glibc}`]
    .filter(Boolean)
    .join(', ');
}

function cpuFlags(): readonly string[] {
  const line = /^(?:flags|Features)\s*:(.*)$/m.exec(readText('/proc/cpuinfo'))?.[1] ?? '';
  return line.split(/\s+/).filter((flag) => telling.test(flag));
}

/** Memory that can be had without swapping; what `free` calls available. */
function freeMemory(): number {
  const kilobytes = /^MemAvailable:\s*(\d+) kB$/m.exec(readText('/proc/meminfo'))?.[1];
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
