import { SspError, UsageError } from '../base/errors.js';
import { openRemote } from '../execute/remote/open-remote.js';
import { type Pulled, pull } from '../execute/remote/pull.js';
import type { Remote } from '../execute/remote/remote.js';
import { planPoints } from '../plan/build-plan.js';
import { bytesText } from '../report/format-number.js';
import type { Options } from './command.js';
import type { Io } from './io.js';
import { type Opened, worldOf } from './session.js';

/** The remote that an option names, else SSP_REMOTE. @throws UsageError where neither does. */
export function remoteOf(io: Io, given: string | undefined, option: string): Promise<Remote> {
  const address = given ?? io.env.SSP_REMOTE;
  if (!address) {
    throw new UsageError('no remote was named', `name one with ${option}, or set SSP_REMOTE`);
  }
  return openRemote(address, io);
}

/** Brings what a file lacks from remotes into its store, and tells what is refused. */
export async function pullInto(
  io: Io,
  opened: Opened,
  options: Options,
  remotes: readonly Remote[],
): Promise<Pulled> {
  const { program, points, store } = opened;
  const world = await worldOf(io, opened, options, 'absent');
  const pulled = await pull(() => planPoints(program.file.path, points, world), store, remotes);
  for (const why of pulled.refused) io.err(`refused: ${why}`);
  return pulled;
}

/** `3 results (1.4 MiB)`. */
export const amount = (results: number, bytes: number): string =>
  `${countOf(results)} (${bytesText(bytes)})`;

/** `1 result`, `3 results`. */
export const countOf = (results: number): string => `${results} result${results === 1 ? '' : 's'}`;

/** The names of remotes, for people. */
export const namesOf = (remotes: readonly Remote[]): string =>
  remotes.map(({ name }) => name).join(', ');

/** Entries that are not what they say are the end of a `pull`. */
export const refusal = (refused: number): SspError =>
  new SspError(
    'refused',
    `${refused === 1 ? 'one entry was' : `${refused} entries were`} refused`,
    {
      help: 'remove them from the remote, and push them again from a store that has them whole',
    },
  );
