import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the processes of a group do, as Linux tells it. */
export interface GroupState {
  /** Ids of those that are stopped (SIGSTOP, Ctrl-Z). */
  readonly stopped: readonly number[];
  /** Processor time of all, in ticks. */
  readonly ticks: number;
}

/** How long one look at the processes of the machine serves all workers. Milliseconds. */
const FRESH = 2000;
let seen: { readonly at: number; readonly groups: ReadonlyMap<number, GroupState> } | undefined;

/** The state of a process group; undefined where the system does not tell. */
export function groupState(group: number): GroupState | undefined {
  if (process.platform !== 'linux') return undefined;
  if (seen === undefined || performance.now() - seen.at > FRESH) {
    seen = { at: performance.now(), groups: look() };
  }
  return seen.groups.get(group);
}

function look(): ReadonlyMap<number, GroupState> {
  const groups = new Map<number, GroupState>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The name (field 2) may hold spaces and brackets: count from the last bracket.
      const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
      const group = Number(fields[2]);
      const known = groups.get(group) ?? { stopped: [], ticks: 0 };
      groups.set(group, {
        stopped: fields[0] === 'T' ? [...known.stopped, Number(name)] : known.stopped,
        ticks: known.ticks + Number(fields[11]) + Number(fields[12]),
      });
    } catch {
      // It has ended meanwhile.
    }
  }
  return groups;
}

/** Sends a signal to a group; says whether there is one. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}

/** Ends what is left of a group: asks it to, waits for a while, and kills it. */
export async function endGroup(group: number, patience: number): Promise<void> {
  if (!signalGroup(group, 'SIGTERM')) return;
  // A stopped process gets no signal before it goes on.
  signalGroup(group, 'SIGCONT');
  const until = performance.now() + patience;
  for (let wait = 5; signalGroup(group, 0); wait = Math.min(wait * 2, 100)) {
    if (performance.now() > until) {
      signalGroup(group, 'SIGKILL');
      return;
    }
    await sleep(wait);
  }
}
