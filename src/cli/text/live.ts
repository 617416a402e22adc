import type { RunEvent } from '../../execute/schedule/run-event.js';
import type { Io } from '../io.js';

/** Shows a run on stderr while it goes on. */
export interface Live {
  /** For everything else that is said meanwhile: it never lands inside the display. */
  readonly io: Io;
  onEvent(event: RunEvent): void;
  stop(): void;
}
