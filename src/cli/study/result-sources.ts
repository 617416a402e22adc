import { listing } from '../../base/nearest.js';
import { entryAt, settingsText } from '../../execute/lock/lock.js';
import type { StageOutcome } from '../../execute/record.js';
import type { OwnLock } from './own-lock.js';

/** Where results come from, if not from this machine's store and data. */
export function sourcesOf(
  outcomes: readonly StageOutcome[],
  own: Pick<OwnLock, 'lock'>,
  set: Readonly<Record<string, string>>,
): readonly string[] {
  const sources: string[] = [];
  const recalled = ({ planned }: StageOutcome) => planned.reason.kind === 'recalled';
  const hits = outcomes.filter((o) => o.outcome === 'hit' && recalled(o));
  if (hits.length > 0) {
    const shown = `${of(hits, outcomes)} shown as they were made from it last`;
    sources.push(`${waitedFor(hits)} is not on this machine: ${shown}`);
  }
  const locked = outcomes.filter(({ outcome }) => outcome === 'locked');
  if (locked.length > 0) {
    const open = locked.filter(recalled);
    const unchecked =
      open.length === 0
        ? ''
        : `; without ${waitedFor(open)}, ${open.length} of them could not be held against the file`;
    sources.push(`${of(locked, outcomes)} those of the lock, not of the store${unchecked}`);
  }
  const left = outcomes.filter(({ outcome }) => outcome === 'skipped');
  const lock = left.length > 0 ? own.lock : undefined;
  const changed = left.filter(({ planned }) => lock && entryAt(lock, planned.id) !== undefined);
  if (changed.length > 0) {
    const [theirs, ours] = [settingsText(lock?.set), settingsText(set)];
    const settings = theirs === ours ? '' : `, which was made with ${theirs}`;
    const ids = some(changed.map(({ planned }) => planned.id));
    sources.push(`the lock${settings} has other work under the name of ${ids}`);
  }
  return sources;
}

/** `3 of 12 results are`. */
function of(some: readonly unknown[], all: readonly unknown[]): string {
  return `${some.length} of ${all.length} results ${some.length === 1 ? 'is' : 'are'}`;
}

function waitedFor(outcomes: readonly StageOutcome[]): string {
  return some([...new Set(outcomes.flatMap(({ planned }) => planned.reason.waitsFor ?? []))]);
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `\`${name}\``);
  return names.length > 3 ? `${shown.join(', ')} and ${names.length - 3} more` : listing(names);
}
