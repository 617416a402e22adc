import type { Plan } from '../../plan/plan.js';
import type { StageRecord } from '../record.js';
import type { Store } from '../store/store.js';
import { fetchEntry, type Objection } from './fetch-entry.js';
import { eachAtOnce, type Remote } from './remote.js';

export interface Pulled {
  /** In the order in which they came. */
  readonly came: readonly StageRecord[];
  readonly bytes: number;
  /** What was not what it says, one sentence each. */
  readonly refused: readonly string[];
  /** The plan with what came. */
  readonly plan: Plan;
}

export interface PullOptions {
  readonly objection?: Objection;
  /** Stages that are not asked for. */
  readonly without?: (id: string) => boolean;
  readonly onCame?: (record: StageRecord) => void;
}

/**
 * Brings what a plan lacks from the first of some remotes that has it. Each result makes further keys
 * known, so it is planned and asked again until nothing more comes.
 */
export async function pull(
  plan: () => Plan,
  store: Store,
  remotes: readonly Remote[],
  { objection, without = () => false, onCame }: PullOptions = {},
): Promise<Pulled> {
  const came: StageRecord[] = [];
  const refused: string[] = [];
  const asked = new Set<string>();
  let bytes = 0;
  for (;;) {
    const planned = plan();
    const open = new Set<string>();
    for (const { id, key, action } of planned.stages) {
      if (key !== undefined && action === 'run' && !asked.has(key) && !without(id)) open.add(key);
    }
    if (open.size === 0) return { came, bytes, refused, plan: planned };
    const before = came.length;
    await eachAtOnce([...open], async (key) => {
      asked.add(key);
      for (const remote of remotes) {
        const fetched = await fetchEntry(remote, store, key, objection);
        if (fetched.kind === 'refused') refused.push(fetched.why);
        if (fetched.kind !== 'came') continue;
        came.push(fetched.record);
        bytes += fetched.bytes;
        onCame?.(fetched.record);
        return;
      }
    });
    if (came.length === before) return { came, bytes, refused, plan: planned };
  }
}
