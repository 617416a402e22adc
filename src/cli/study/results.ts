import { settingsText } from '../../execute/lock/lock.js';
import { lockWorld, resultsOfLock } from '../../execute/lock/locked.js';
import { recallFrom } from '../../execute/lock/recall.js';
import type { StageOutcome, StageResult } from '../../execute/record.js';
import { lookupOf, type OnLook } from '../../execute/schedule/open-world.js';
import type { Found, Store } from '../../execute/store/store.js';
import { planPoints } from '../../plan/build-plan.js';
import type { Plan, PlannedStage } from '../../plan/plan.js';
import type { PlanWorld } from '../../plan/plan-world.js';
import type { Options } from '../command.js';
import type { Io } from '../io.js';
import { type OwnLock, ownLock } from './own-lock.js';
import { settings } from './pipeline.js';
import { sourcesOf } from './result-sources.js';
import { type Opened, type Opening, openProgram, worldOf } from './session.js';
import { storeToLookAt } from './store-there.js';

/** What is known of a file's results, whatever of store, lock and data is on this machine. */
export interface OnHand extends Opened {
  readonly outcomes: readonly StageOutcome[];
  readonly world: PlanWorld;
  /** Where the results come from, if not from the store, and what is missing. */
  readonly sources: readonly string[];
}

/** Opens a file for its results; undefined when it has mistakes, which are on stderr then. */
export async function openResults(
  io: Io,
  file: string | undefined,
  options: Options,
  { onLook, ...how }: Opening & { readonly onLook?: OnLook | undefined } = {},
): Promise<OnHand | undefined> {
  const openStore = storeToLookAt(io, options);
  const opened = openProgram(io, file, options, { openStore, ...how, withoutData: true });
  if (opened === undefined) return undefined;
  const { program } = opened;
  const set = settings(options);
  const own = ownLock(io, program.file.path, set, opened.store);
  const world = await worldOf(io, opened, options, { without: 'unreadable', onLook });
  const found = onHand(opened, world, own, set);
  const sources = sourcesOf(found, own, set);
  return { ...opened, world, outcomes: found, sources: [...own.notes, ...sources] };
}

/**
 * As if a run had found only hits: results of the store, else those of the lock where it is of the
 * same work; what is missing is skipped.
 */
export function onHand(
  { program, points, store }: Opened,
  world: PlanWorld,
  own: Pick<OwnLock, 'lock'>,
  set: Readonly<Record<string, string>>,
): readonly StageOutcome[] {
  const path = program.file.path;
  const finding = findingOnce(store);
  const lookup = (key: string) => lookupOf(finding.find(key));
  const recall = recallFrom(store, () => own.lock);
  const here = planPoints(path, points, { ...world, lookup, recall });
  const stored = storedOutcomes(here, finding);
  if (stored.every(({ outcome }) => outcome === 'hit')) return stored;
  const { lock } = own;
  if (lock === undefined) return stored;
  const locked = planPoints(path, points, lockWorld(world, store, lock, settingsText(set)));
  const resultOf = resultsOfLock(lock);
  return stored.map((outcome, i) => {
    const planned = locked.stages[i];
    if (outcome.outcome === 'hit' || !planned) return outcome;
    if (planned.action !== 'hit') return dropped(planned) ?? outcome;
    return ofStore(planned, finding) ?? ofLock(planned, resultOf(planned)) ?? outcome;
  });
}

type Finding = Pick<Store, 'find'>;

/** A store that is asked for each key once. */
function findingOnce(store: Finding): Finding {
  const known = new Map<string, Found>();
  return {
    find(key) {
      const found = known.get(key) ?? store.find(key);
      known.set(key, found);
      return found;
    },
  };
}

/** The results that the store has for a plan: what is missing is skipped. */
export function storedOutcomes({ stages }: Plan, store: Finding): readonly StageOutcome[] {
  return stages.map((planned) => ofStore(planned, store) ?? dropped(planned) ?? skipped(planned));
}

function ofStore(planned: PlannedStage, store: Finding): StageOutcome | undefined {
  const found = planned.key === undefined ? undefined : store.find(planned.key);
  if (found?.kind !== 'hit') return undefined;
  const { record } = found;
  return { planned, outcome: 'hit', seconds: record.seconds, record };
}

function ofLock(planned: PlannedStage, record: StageResult | undefined): StageOutcome | undefined {
  return record && { planned, outcome: 'locked', seconds: record.seconds, record };
}

function dropped(planned: PlannedStage): StageOutcome | undefined {
  if (planned.action !== 'drop') return undefined;
  return { planned, outcome: 'dropped', seconds: 0, record: undefined };
}

function skipped(planned: PlannedStage): StageOutcome {
  const failure = { code: 'not-run', message: 'it was not run yet' };
  return { planned, outcome: 'skipped', seconds: 0, record: undefined, failure };
}
