import { processSpace } from '../processes/process-space.js';
import { startOf } from '../processes/process-start.js';

let count = 0;

/** A new name for a temporary entry: `OWNER@HOST@PID@TIME@COUNT@SPACE`. */
export function temporaryName(owner: string): string {
  count += 1;
  const { space } = processSpace();
  return [owner, hostPart(), process.pid, Date.now(), count, space].join('@');
}

/** Whose a temporary entry is, and what is known of the process that made it. */
export interface TemporaryOwner {
  readonly owner: string;
  /** `elsewhere`: made by a process that cannot be seen from here. */
  readonly maker: 'alive' | 'gone' | 'elsewhere';
}

/** Reads the name of a temporary entry; undefined when it is no such name. */
export function ownerOfTemporary(name: string): TemporaryOwner | undefined {
  const [owner, host, pid, time, , space = ''] = name.split('@');
  if (owner === undefined || time === undefined || !/^\d{1,10}$/.test(pid ?? '')) return undefined;
  const here = processSpace();
  if (host !== hostPart() || (space !== '' && space !== here.space)) {
    return { owner, maker: 'elsewhere' };
  }
  return { owner, maker: startOf(Number(pid)) === undefined ? 'gone' : 'alive' };
}

const hostPart = (): string => processSpace().host.replaceAll(/[^A-Za-z0-9.-]/g, '_');
