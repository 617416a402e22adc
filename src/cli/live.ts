import cliProgress from 'cli-progress';
import pc from 'picocolors';
import type { RunEvent } from '../execute/run-event.js';
import type { Progress } from '../execute/task.js';
import { printable } from '../report/escape.js';
import { durationText } from '../report/format-number.js';
import { Estimate } from './estimate.js';
import type { Io } from './io.js';

/** Shows a run on stderr while it goes on. */
export interface Live {
  onEvent(event: RunEvent): void;
  stop(): void;
}

/** Bars on a terminal, lines elsewhere. */
export function liveProgress(io: Io): Live {
  return io.live ? bars(io) : lines(io);
}

/** `epoch 7/20  loss 3.2140  3,120 images/s`. */
function progressText({ unit, done, total, loss, imagesPerSecond }: Progress): string {
  return [
    `${unit} ${done}/${total}`,
    ...(loss === undefined ? [] : [`loss ${loss.toPrecision(4)}`]),
    ...(imagesPerSecond === undefined
      ? []
      : [`${Math.round(imagesPerSecond).toLocaleString('en-US')} images/s`]),
  ].join('  ');
}

/** What both displays say for good of a stage; a hit that was planned as one is no news. */
function lastingText(event: RunEvent, colour: boolean, estimate: Estimate): string | undefined {
  const { green, red, yellow, dim } = pc.createColors(colour);
  switch (event.kind) {
    case 'finish': {
      if (estimate.wasHit(event.id)) return undefined;
      const { metrics } = event.record.output;
      const numbers = Object.entries(metrics).map(
        ([name, v]) => `${name} ${v?.toPrecision(4) ?? 'none'}`,
      );
      const how = event.outcome === 'hit' ? 'same as before' : durationText(event.record.seconds);
      return `${green('done')}  ${event.id}  ${dim([how, ...numbers].join('  '))}`;
    }
    case 'fail': {
      if (event.failure.code === 'interrupted') return `${yellow('stopped')}  ${event.id}`;
      const help = event.failure.help === undefined ? '' : `\n      help: ${event.failure.help}`;
      return `${red('failed')}  ${event.id}: ${event.failure.message}${help}`;
    }
    case 'retry':
      return `${yellow('again')}  ${event.id}: ${event.failure.message}`;
    case 'remark':
      return `${yellow('remark')}  ${event.id}: ${printable(event.text)}`;
    case 'waiting':
      return dim(`wait  ${event.id}: another run is at it`);
    default:
      return undefined;
  }
}

/** For logs and pipes: a line when a stage starts and ends, and every ten seconds in between. */
function lines(io: Io): Live {
  const estimate = new Estimate();
  const said = new Map<string, number>();
  return {
    onEvent: (event) => {
      estimate.onEvent(event);
      if (event.kind === 'start') {
        said.set(event.id, Date.now());
        io.err(`start ${event.id}`);
      }
      if (event.kind === 'progress' && Date.now() - (said.get(event.id) ?? 0) > 10_000) {
        said.set(event.id, Date.now());
        const left = estimate.stageLeft(event.id);
        io.err(
          `      ${event.id}  ${progressText(event.progress)}${left === undefined ? '' : `  ${durationText(left)} left`}`,
        );
      }
      const text = lastingText(event, io.colour.err, estimate);
      if (text !== undefined) io.err(text);
    },
    stop: () => {},
  };
}

/** A bar for the run and one for each stage at work. */
function bars(io: Io): Live {
  const estimate = new Estimate();
  const multi = new cliProgress.MultiBar(
    {
      format: '{bar} {text}',
      barsize: 20,
      hideCursor: true,
      clearOnComplete: true,
      linewrap: false,
      forceRedraw: true,
    },
    cliProgress.Presets.shades_grey,
  );
  const overall = multi.create(1, 0, { text: 'planning' });
  const running = new Map<string, cliProgress.SingleBar>();
  const tick = () => {
    const { done, total } = estimate.stages();
    const left = estimate.runLeft();
    overall.setTotal(Math.max(1, total));
    overall.update(done, {
      text: `${done}/${total} stages${left === undefined ? '' : `  about ${durationText(left)} left`}`,
    });
  };
  const timer = setInterval(tick, 500);
  timer.unref();
  return {
    onEvent: (event) => {
      estimate.onEvent(event);
      if (event.kind === 'start') running.set(event.id, multi.create(1, 0, { text: event.id }));
      if (event.kind === 'progress') {
        const { done, total } = event.progress;
        const left = estimate.stageLeft(event.id);
        const bar = running.get(event.id);
        bar?.setTotal(Math.max(1, total));
        bar?.update(done, {
          text: `${event.id}  ${progressText(event.progress)}${left === undefined ? '' : `  ${durationText(left)} left`}`,
        });
      }
      const text = lastingText(event, io.colour.err, estimate);
      if (text !== undefined) multi.log(`${text}\n`);
      if (event.kind === 'finish' || event.kind === 'fail') {
        const bar = running.get(event.id);
        if (bar) multi.remove(bar);
        running.delete(event.id);
      }
      tick();
    },
    stop: () => {
      clearInterval(timer);
      multi.stop();
    },
  };
}
