import cliProgress from 'cli-progress';
import { durationText } from '../../report/numbers/format-number.js';
import type { Io } from '../io.js';
import { Estimate } from './estimate.js';
import type { Live } from './live.js';
import { lastingTexts } from './live-text.js';
import { progressLine, shortened } from './progress-line.js';

/** A bar for the run and one for each stage at work, as many as the terminal has lines for. */
export function bars(io: Io): Live {
  const estimate = new Estimate();
  const lasting = lastingTexts(io.colour.err, estimate);
  const { columns = 80, rows = 24 } = process.stderr;
  const barsize = columns < 100 ? 10 : 20;
  const multi = new cliProgress.MultiBar(
    {
      format: '{bar} {text}',
      barsize,
      hideCursor: true,
      clearOnComplete: true,
      // What is said above the bars may be longer than a line.
      linewrap: true,
      forceRedraw: true,
    },
    cliProgress.Presets.shades_grey,
  );
  /** Columns beside a bar; the last one of a terminal is left free. */
  const room = (): number => (process.stderr.columns ?? 80) - barsize - 2;
  const overall = multi.create(1, 0, { text: 'planning' });
  const running = new Map<string, cliProgress.SingleBar>();
  const tick = () => {
    const { done, total } = estimate.stages();
    const left = estimate.runLeft();
    overall.setTotal(Math.max(1, total));
    overall.update(done, {
      text: `${done}/${total} stages${left === undefined || left < 0.5 ? '' : `  about ${durationText(left)} left`}`,
    });
  };
  const timer = setInterval(tick, 500);
  timer.unref();
  /** Writes above the bars: they are cleared away first, and drawn again below. */
  const say = (text: string): void => multi.log(`\u001B[J${text}\n`);
  return {
    io: { ...io, live: false, err: say },
    onEvent: (event) => {
      estimate.onEvent(event);
      if (event.kind === 'start' && !running.has(event.id) && running.size < rows - 3) {
        running.set(event.id, multi.create(1, 0, { text: shortened(event.id, room()) }));
      }
      if (event.kind === 'progress') {
        const { id, progress } = event;
        const bar = running.get(id);
        bar?.setTotal(Math.max(1, progress.total));
        bar?.update(progress.done, {
          text: progressLine({ id, progress, left: estimate.stageLeft(id) }, room()),
        });
      }
      const text = lasting(event);
      if (text !== undefined) say(text);
      if (event.kind === 'finish' || event.kind === 'fail') {
        const bar = running.get(event.id);
        if (bar) multi.remove(bar);
        running.delete(event.id);
      }
      tick();
    },
    stop: () => {
      clearInterval(timer);
      // What was said last may not have been written.
      multi.update();
      multi.stop();
    },
  };
}
