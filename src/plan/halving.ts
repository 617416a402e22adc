import { own } from '../base/own.js';
import type { Metrics } from './metrics.js';
import type { Rungs, StagePoint } from './plan.js';

export type Decision =
  | { readonly kind: 'goes-on' }
  /** Until these have results. */
  | { readonly kind: 'waits'; readonly waitsFor: readonly string[] }
  | { readonly kind: 'dropped'; readonly why: string };

/** The points whose results decide about a point. */
export function decidedBy({ rungs }: StagePoint): readonly string[] {
  return rungs?.of.flatMap(({ rivals }) => rivals.map(({ id }) => id)) ?? [];
}

/**
 * Does a training go on? Of the rivals at a rung one of `factor` does, at least one: those with the
 * best values, of equals the first along the axis. Follows from the results alone, whenever they came.
 */
export function decide(rungs: Rungs, metrics: (id: string) => Metrics | undefined): Decision {
  const { label, by, metric, smallest, factor } = rungs;
  let alive: ReadonlySet<string> | undefined;
  for (const { epoch, rivals } of rungs.of) {
    const here = rivals.filter((rival) => alive === undefined || alive.has(rival.label));
    if (!here.some((rival) => rival.label === label)) return { kind: 'goes-on' };
    const waitsFor = here.flatMap(({ id }) => (metrics(id) ? [] : [id]));
    if (waitsFor.length > 0) return { kind: 'waits', waitsFor };
    const worth = (id: string): number => {
      const value = own(metrics(id) ?? {}, metric);
      const number = typeof value === 'number' ? value : Number.NaN;
      if (Number.isNaN(number)) return Number.NEGATIVE_INFINITY;
      return smallest ? -number : number;
    };
    const ranked = here
      .map((rival, order) => ({ ...rival, value: worth(rival.id), order }))
      .sort((a, b) => (a.value === b.value ? a.order - b.order : b.value > a.value ? 1 : -1));
    const kept = Math.max(1, Math.floor(here.length / factor));
    const rank = ranked.findIndex((rival) => rival.label === label) + 1;
    if (rank > kept) {
      const why = `after epoch ${epoch} it was number ${rank} of ${here.length} by ${by}; ${kept} went on`;
      return { kind: 'dropped', why };
    }
    alive = new Set(ranked.slice(0, kept).map((rival) => rival.label));
  }
  return { kind: 'goes-on' };
}
