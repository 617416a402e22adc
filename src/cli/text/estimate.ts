import type { RunEvent } from '../../execute/schedule/run-event.js';

interface Running {
  readonly since: number;
  share: number;
  /** When the first progress came, and at which share: start-up is no measure of speed. */
  first: { readonly at: number; readonly share: number } | undefined;
}

/** Estimates the time left of stages and of a run, from their progress and from stages of the same name. */
export class Estimate {
  readonly #now: () => number;
  readonly #hits = new Set<string>();
  readonly #left = new Set<string>();
  readonly #running = new Map<string, Running>();
  readonly #seconds = new Map<string, number[]>();
  #total = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  onEvent(event: RunEvent): void {
    switch (event.kind) {
      case 'plan':
        this.#total = event.plan.stages.length;
        for (const { id, action } of event.plan.stages) {
          (action === 'hit' || action === 'drop' ? this.#hits : this.#left).add(id);
        }
        return;
      case 'start':
        this.#running.set(event.id, { since: this.#now(), share: 0, first: undefined });
        return;
      case 'progress': {
        const running = this.#running.get(event.id);
        if (!running) return;
        running.share = event.progress.done / Math.max(1, event.progress.total);
        running.first ??= { at: this.#now(), share: running.share };
        return;
      }
      case 'finish': {
        this.#end(event.id);
        const name = nameOf(event.id);
        const known = this.#seconds.get(name);
        if (known) known.push(event.record.seconds);
        else this.#seconds.set(name, [event.record.seconds]);
        return;
      }
      case 'fail':
      case 'skip':
      case 'drop':
        this.#end(event.id);
        return;
      default:
        return;
    }
  }

  /** Whether a stage was a hit, or dropped, before anything ran. */
  wasHit(id: string): boolean {
    return this.#hits.has(id);
  }

  stages(): { readonly done: number; readonly total: number } {
    return { done: this.#total - this.#left.size, total: this.#total };
  }

  /** Seconds until a running stage ends; undefined while nothing is known. */
  stageLeft(id: string): number | undefined {
    const running = this.#running.get(id);
    if (!running) return undefined;
    const { first, share } = running;
    if (first !== undefined && share > first.share) {
      const rate = (share - first.share) / (this.#now() - first.at);
      return (1 - share) / rate / 1000;
    }
    const usual = this.#usual(id);
    return usual === undefined
      ? undefined
      : Math.max(0, usual - (this.#now() - running.since) / 1000);
  }

  /** Seconds until the run ends, if every name of a stage that is left has been seen. */
  runLeft(): number | undefined {
    let sum = 0;
    for (const id of this.#left) {
      const seconds = this.#running.has(id) ? this.stageLeft(id) : this.#usual(id);
      if (seconds === undefined) return undefined;
      sum += seconds;
    }
    return sum / Math.max(1, this.#running.size);
  }

  #usual(id: string): number | undefined {
    const seen = this.#seconds.get(nameOf(id));
    return seen && seen.reduce((a, b) => a + b, 0) / seen.length;
  }

  #end(id: string): void {
    this.#left.delete(id);
    this.#running.delete(id);
  }
}

const nameOf = (id: string): string => id.replace(/\[.*$/s, '');
