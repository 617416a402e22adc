/** Work that is done once things are quiet; a later request takes the place of an earlier one. */
export interface Background {
  /** Does it after some milliseconds, counted from the last request but not put off for ever. */
  soon(key: string, work: () => void): void;
  cancel(key: string): void;
  stop(): void;
}

interface Waiting {
  readonly timer: NodeJS.Timeout;
  readonly since: number;
}

/** A failure of the work is told and ends nothing else. */
export function background(
  delay: number,
  longest: number,
  failed: (error: unknown) => void,
): Background {
  const waiting = new Map<string, Waiting>();
  const cancel = (key: string) => {
    clearTimeout(waiting.get(key)?.timer);
    waiting.delete(key);
  };
  return {
    soon(key, work) {
      const since = waiting.get(key)?.since ?? Date.now();
      cancel(key);
      const left = Math.max(0, Math.min(delay, since + longest - Date.now()));
      const timer = setTimeout(() => {
        waiting.delete(key);
        try {
          work();
        } catch (error) {
          failed(error);
        }
      }, left);
      waiting.set(key, { timer, since });
    },
    cancel,
    stop: () => {
      for (const key of [...waiting.keys()]) cancel(key);
    },
  };
}
