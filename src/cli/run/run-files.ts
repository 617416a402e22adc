import { dirname } from 'node:path';
import { SspError } from '../../base/errors.js';
import { makeFolder } from '../../base/files/make-folder.js';
import { writeFileWhole, writing } from '../../base/write-file.js';
import type { Io } from '../io.js';
import { outputPath } from '../study/output-path.js';
import type { Opened } from '../study/session.js';
import type { Live } from '../text/live.js';
import { eventLogs } from './event-logs.js';
import { runSoFar } from './live-page.js';
import { profile } from './profile.js';
import type { RunFlags } from './run-flags.js';

/** How often a page is written anew while something happens. Milliseconds. */
const EVERY = 2000;
/** Of the time of a run, at most a tenth goes into its page. */
const SHARE = 10;

/**
 * A display that also writes what was asked for beside it: a page while the run goes on (`--live`), the
 * numbers of trainings as they come (`--tensorboard`), a trace at its end (`--profile`). Throws an SspError
 * at once where one of them cannot be written.
 */
export function withRunFiles(
  live: Live,
  io: Io,
  opened: Opened,
  options: Pick<RunFlags, 'live' | 'profile' | 'tensorboard'>,
): Live {
  const [page, trace, board] = [options.live, options.profile, options.tensorboard].map((named) =>
    named === undefined ? undefined : outputPath(io, named, opened),
  );
  if (page === undefined && trace === undefined && board === undefined) return live;
  const { program, store } = opened;
  const profiled = profile();
  const sofar = runSoFar(program, io.env);
  const writePage = (over?: 'over'): void => {
    if (page !== undefined) write(page, sofar.page(over));
  };
  writePage();
  if (trace !== undefined) write(trace, JSON.stringify(profiled.trace()));
  if (board !== undefined) writing(board, () => makeFolder(board));
  const logs = board && eventLogs(board, (digest) => store.blobPath(digest));
  let isStale = false;
  let said = false;
  let next = 0;
  /** What cannot be written any more is no reason to end a run. */
  const quietly = (task: () => void): void => {
    try {
      task();
    } catch (error) {
      if (!(error instanceof SspError)) throw error;
      if (!said) live.io.err(`not written: ${error.message}`);
      said = true;
    }
  };
  const refresh = (): void => {
    const begun = performance.now();
    if (!isStale || begun < next) return;
    isStale = false;
    quietly(() => writePage());
    next = performance.now() + (performance.now() - begun) * SHARE;
  };
  const timer = page === undefined ? undefined : setInterval(refresh, EVERY);
  timer?.unref();
  return {
    io: live.io,
    onEvent: (event) => {
      isStale = true;
      live.onEvent(event);
      if (page !== undefined) sofar.onEvent(event);
      if (trace !== undefined) profiled.onEvent(event);
      if (logs) quietly(() => logs(event));
    },
    stop: () => {
      clearInterval(timer);
      live.stop();
      quietly(() => writePage('over'));
      if (trace !== undefined) quietly(() => write(trace, JSON.stringify(profiled.trace())));
    },
  };
}

function write(path: string, text: string): void {
  writing(path, () => {
    makeFolder(dirname(path));
    writeFileWhole(path, [Buffer.from(text)]);
  });
}
