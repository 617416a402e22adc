import { own } from '../../base/own.js';
import type { Compared } from '../../plan/diff/compare.js';
import { compareResults, type ResultDifference } from '../../plan/diff/difference.js';
import { compareKeyed, type KeyedPoint } from '../../plan/diff/keyed.js';
import type { Lock } from '../lock/lock.js';
import type { Store } from '../store/store.js';
import type { RunEntry, RunNumber } from './run-entry.js';

/** What is otherwise in a run than in the one before it. */
export interface RunChange {
  readonly difference: Compared['difference'];
  /** Numbers of the tables that both have and that moved, and those that one has. */
  readonly moved: readonly MovedNumber[];
  /** Expectations that came out otherwise. */
  readonly claims: readonly MovedClaim[];
  /** Metrics of stages that both have, equal ones too. */
  readonly metrics: readonly ResultDifference[];
}

export interface MovedNumber {
  readonly address: string;
  readonly before: RunNumber | undefined;
  readonly after: RunNumber | undefined;
}

export interface MovedClaim {
  readonly text: string;
  /** Whether it holds; null where results were missing, undefined where a run has not the claim. */
  readonly before: boolean | null | undefined;
  readonly after: boolean | null | undefined;
}

/** Compares two runs of a file by their locks; what a key is the digest of tells the store, if it has it. */
export function compareRuns(before: RunEntry, after: RunEntry, store: Store): RunChange {
  const compared = compareKeyed(pointsOf(before.lock, store), pointsOf(after.lock, store));
  const resultsOf = (lock: Lock) => (id: string) => {
    const entry = own(lock.stages, id);
    return entry && { metrics: entry.metrics ?? {} };
  };
  return {
    difference: compared.difference,
    moved: pairsOf(before.numbers, after.numbers).flatMap(({ name, ...pair }) =>
      isSame(pair.before, pair.after) ? [] : [{ address: name, ...pair }],
    ),
    claims: pairsOf(before.claims, after.claims).flatMap(({ name, ...pair }) =>
      pair.before === pair.after ? [] : [{ text: name, ...pair }],
    ),
    metrics: compareResults(compared.partners, resultsOf(before.lock), resultsOf(after.lock)),
  };
}

function isSame(before: RunNumber | undefined, after: RunNumber | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  const parts = ({ mean, std, interval }: RunNumber) => [mean, std, interval?.low, interval?.high];
  const others = parts(after);
  return parts(before).every((part, i) => part === others[i]);
}

const pointsOf = ({ stages }: Lock, store: Store): readonly KeyedPoint[] =>
  Object.entries(stages).map(([id, { key, output }]) => ({
    id,
    key,
    output,
    record: store.record(key)?.record,
    places: undefined,
  }));

/** What two records have under each name, in the order of the second. */
function pairsOf<T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
): readonly {
  readonly name: string;
  readonly before: T | undefined;
  readonly after: T | undefined;
}[] {
  const names = new Set([...Object.keys(after), ...Object.keys(before)]);
  return [...names].map((name) => ({ name, before: own(before, name), after: own(after, name) }));
}
