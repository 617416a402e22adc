import { readdirSync, readFileSync, statSync } from 'node:fs';

/** How often an attempt says that it goes on. Milliseconds. */
const TOUCH = 1000;

/** How the time is written down. */
export interface TimeDisk {
  readonly write: (path: string, text: string, durable: boolean) => void;
  readonly touch: (path: string) => void;
  readonly remove: (path: string) => void;
}

/** The time that attempts at a stage have taken. */
export interface SpentTime {
  /** Seconds of earlier attempts, of whose work this one can go on: the checkpoint folder holds some. */
  readonly before: number;
  /** The attempt is over; there is another to come unless it is `done`. */
  end(done: boolean): void;
}

/**
 * Begins to count an attempt beside its checkpoint folder: `KEY.time` says when it began and what was
 * spent before, and its own time stamp how long it went on, however it ends. A count that cannot be
 * written or read is none: it is no reason to fail.
 */
export function spendTime(checkpoint: string, disk: TimeDisk): SpentTime {
  const path = timePath(checkpoint);
  const before = readdirSync(checkpoint).length > 0 ? spentBefore(path) : 0;
  quietly(() => disk.remove(path));
  quietly(() => disk.write(path, JSON.stringify({ before, began: Date.now() }), false));
  const touch = () => quietly(() => disk.touch(path));
  const timer = setInterval(touch, TOUCH);
  timer.unref();
  return {
    before,
    end: (done) => {
      clearInterval(timer);
      if (done) quietly(() => disk.remove(path));
      else touch();
    },
  };
}

/** Where the time of the attempts with a checkpoint folder stands. */
export const timePath = (checkpoint: string): string => `${checkpoint}.time`;

function spentBefore(path: string): number {
  try {
    const { before, began }: { before?: unknown; began?: unknown } = JSON.parse(
      readFileSync(path, 'utf8'),
    );
    const seconds = (statSync(path).mtimeMs - Number(began)) / 1000 + Number(before);
    return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
  } catch {
    return 0;
  }
}

function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // The result is worth more than its time.
  }
}
