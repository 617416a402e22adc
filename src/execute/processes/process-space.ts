import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Where a process number means the same process as here: this host, since its start, in this
 * namespace of processes. Two containers on one store may have one host name and the same numbers.
 */
export interface ProcessSpace {
  readonly host: string;
  /** Of the start of the system and the namespace; empty where the system tells neither. */
  readonly space: string;
}

let known: ProcessSpace | undefined;

/** The space of this process. */
export function processSpace(): ProcessSpace {
  known ??= { host: hostname(), space: spaceHere() };
  return known;
}

function spaceHere(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
    const namespace = readlinkSync('/proc/self/ns/pid');
    return createHash('sha256').update(`${boot}${namespace}`).digest('hex').slice(0, 16);
  } catch {
    return ''; // no Linux: there are no namespaces of processes
  }
}
