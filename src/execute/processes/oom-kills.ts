import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How often the counter is read, so that a kill elsewhere is seldom taken for one here. Milliseconds. */
const LOOK = 5000;

/**
 * How often the kernel has killed for lack of memory: in the control group of this process, else on
 * the machine; undefined where it does not say.
 */
function oomKills(): number | undefined {
  for (const line of textOf('/proc/self/cgroup')?.split('\n') ?? []) {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    const place = controllers === '' ? '' : 'memory';
    if (place !== '' && !controllers.split(',').includes(place)) continue;
    const file = place === '' ? 'memory.events' : 'memory.oom_control';
    // In a container the path may be that of the machine, and the folder that of the container.
    for (const group of [path, '']) {
      const count = counted(join('/sys/fs/cgroup', place, group, file));
      if (count !== undefined) return count;
    }
  }
  return counted('/proc/vmstat');
}

function counted(path: string): number | undefined {
  const found = /^oom_kill (\d+)$/m.exec(textOf(path) ?? '');
  return found ? Number(found[1]) : undefined;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** What the kernel says about memory while something runs. */
export interface MemoryWatch {
  /** Has the kernel just killed for lack of memory? Undefined where it does not say. */
  ranOut(): boolean | undefined;
  stop(): void;
}

/** Watches the kernel's counter from now on. */
export function watchMemory(): MemoryWatch {
  let last = oomKills();
  // Two readings old at most: the one that is compared with has to be from before the kill.
  let before = last;
  const timer = setInterval(() => {
    before = last;
    last = oomKills();
  }, LOOK);
  timer.unref();
  return {
    ranOut: () => {
      const now = oomKills();
      return now === undefined || before === undefined ? undefined : now > before;
    },
    stop: () => clearInterval(timer),
  };
}
