import type { Io } from '../io.js';
import { Estimate } from './estimate.js';
import type { Live } from './live.js';
import { lastingTexts } from './live-text.js';
import { progressLine } from './progress-line.js';

/** Bars on a terminal, lines elsewhere. */
export async function liveProgress(io: Io): Promise<Live> {
  return io.live ? (await import('./live-bars.js')).bars(io) : lines(io);
}

/** For logs and pipes: a line when a stage starts and ends, and every ten seconds in between. */
function lines(io: Io): Live {
  const estimate = new Estimate();
  const lasting = lastingTexts(io.colour.err, estimate);
  const said = new Map<string, number>();
  return {
    io,
    onEvent: (event) => {
      estimate.onEvent(event);
      if (event.kind === 'start') {
        said.set(event.id, Date.now());
        io.err(`start ${event.id}`);
      }
      if (event.kind === 'progress' && Date.now() - (said.get(event.id) ?? 0) > 10_000) {
        said.set(event.id, Date.now());
        const { id, progress } = event;
        io.err(`      ${progressLine({ id, progress, left: estimate.stageLeft(id) })}`);
      }
      const text = lasting(event);
      if (text !== undefined) io.err(text);
    },
    stop: () => {},
  };
}
