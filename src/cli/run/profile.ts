import type { Json } from '../../base/canonical.js';
import type { RunEvent } from '../../execute/schedule/run-event.js';

/** Stages at work, each in the lowest place that is free. */
interface Running {
  readonly slot: number;
  readonly since: number;
  readonly attempt: number;
}

type Fields = { readonly [name: string]: Json };

/**
 * What a run did when, as a Chrome trace, which Perfetto and chrome://tracing show: a slice for each
 * attempt at a stage in the place where it worked, the time that it was ready and waited for a place, and
 * a mark for each hit. Microseconds since the run began.
 */
export function profile(now: () => number = performance.now.bind(performance)): {
  readonly onEvent: (event: RunEvent) => void;
  readonly trace: () => Json;
} {
  const begun = now();
  const clock = (): number => Math.round((now() - begun) * 1000);
  const events: Fields[] = [];
  const running = new Map<string, Running>();
  const ready = new Set<string>();
  let slots = 0;
  const wait = (id: string, ph: 'b' | 'e', ts: number): void => {
    events.push({ name: id, cat: 'wait', ph, id, pid: 1, tid: 0, ts });
  };
  const mark = (id: string, cat: string, args: Fields): void => {
    events.push({ name: id, cat, ph: 'i', s: 't', pid: 1, tid: 0, ts: clock(), args });
  };
  const end = (id: string, outcome: string, args: Fields = {}): boolean => {
    const stage = running.get(id);
    if (!stage) return false;
    running.delete(id);
    const { slot, since, attempt } = stage;
    const time = { ts: since, dur: clock() - since };
    const place = { pid: 1, tid: slot };
    events.push({
      name: id,
      cat: 'stage',
      ph: 'X',
      ...place,
      ...time,
      args: { outcome, attempt, ...args },
    });
    return true;
  };
  const isReady = (id: string): void => {
    ready.add(id);
    wait(id, 'b', clock());
  };
  return {
    onEvent: (event) => {
      switch (event.kind) {
        case 'plan':
          for (const { id, action } of event.plan.stages) if (action === 'run') isReady(id);
          return;
        case 'planned':
          if (event.planned.action === 'run' && !ready.has(event.id)) isReady(event.id);
          return;
        case 'start': {
          if (ready.delete(event.id)) wait(event.id, 'e', clock());
          const taken = new Set([...running.values()].map(({ slot }) => slot));
          let slot = 1;
          while (taken.has(slot)) slot += 1;
          slots = Math.max(slots, slot);
          running.set(event.id, { slot, since: clock(), attempt: event.attempt });
          return;
        }
        case 'retry':
          end(event.id, 'again', { why: event.failure.message });
          return;
        case 'finish': {
          const { key, output } = event.record;
          const args = { key, metrics: { ...output.metrics } };
          // points that share a key come with the one that worked
          if (!end(event.id, event.outcome, args)) mark(event.id, 'hit', args);
          if (ready.delete(event.id)) wait(event.id, 'e', clock());
          return;
        }
        case 'fail':
          if (!end(event.id, 'failed', { why: event.failure.message })) {
            mark(event.id, 'failed', { why: event.failure.message });
          }
          return;
        case 'drop':
          mark(event.id, 'dropped', { why: event.reason.why ?? '' });
          return;
        default:
          return;
      }
    },
    trace: () => {
      for (const id of [...running.keys()]) end(id, 'interrupted');
      for (const id of ready) wait(id, 'e', clock());
      ready.clear();
      const names = [
        'hits and waits',
        ...Array.from({ length: slots }, (_, i) => `worker ${i + 1}`),
      ];
      const threads = names.map((name, tid) => ({
        name: 'thread_name',
        ph: 'M',
        pid: 1,
        tid,
        args: { name },
      }));
      return { displayTimeUnit: 'ms', traceEvents: [...threads, ...events] };
    },
  };
}
