import { resolve } from 'node:path';
import { counted } from '../../base/counted.js';
import { SspError, UsageError } from '../../base/errors.js';
import { shellWord } from '../../base/shell-word.js';
import type { StageRecord } from '../../execute/record.js';
import type { Objection } from '../../execute/remote/fetch-entry.js';
import { openRemote } from '../../execute/remote/open-remote.js';
import { type Pulled, pull } from '../../execute/remote/pull.js';
import type { Remote } from '../../execute/remote/remote.js';
import { signatureObjection, trustedAt } from '../../execute/remote/signature.js';
import { planPoints } from '../../plan/build-plan.js';
import type { Plan } from '../../plan/plan.js';
import { bytesText } from '../../report/numbers/format-number.js';
import type { Options } from '../command.js';
import type { Io } from '../io.js';
import { type Opened, worldOf } from '../study/session.js';
import type { TakingFlags } from './taking-flags.js';
import { partOf, verifyPart } from './verify-part.js';

/** The remote that an option names, else SSP_REMOTE. @throws UsageError where neither does. */
export function remoteOf(
  io: Io,
  opened: Pick<Opened, 'program' | 'store'>,
  given: string | undefined,
  option: string,
): Promise<Remote> {
  const named = given ?? io.env.SSP_REMOTE;
  if (!named) {
    throw new UsageError('no remote was named', `name one with ${option}, or set SSP_REMOTE`);
  }
  return remoteAt(io, opened, named);
}

/** A remote by its address, or by its name in the site file. @throws UsageError, SspError `no-remote`, `bad-site`. */
export async function remoteAt(
  io: Io,
  { program, store }: Pick<Opened, 'program' | 'store'>,
  named: string,
): Promise<Remote> {
  const { addressOf } = await import('../executors/site-file.js');
  return openRemote(addressOf(io, named, program.file.path, store.root), io);
}

/** What is wrong with the signature of an entry that comes. */
export function objectionOf(io: Io, { requireSigned }: TakingFlags): Objection {
  const trusted =
    requireSigned === undefined ? undefined : trustedAt(resolve(io.cwd, requireSigned));
  return signatureObjection(trusted);
}

/**
 * Brings what a file lacks from remotes into its store; tells what is refused and who signed, and makes
 * a part again where that is wanted.
 */
export async function pullInto(
  io: Io,
  opened: Opened,
  options: Options & TakingFlags,
  remotes: readonly Remote[],
  objection = objectionOf(io, options),
): Promise<Pulled> {
  const part = partOf(options.verify, options.verifySeed);
  const { program, points, store } = opened;
  const world = await worldOf(io, opened, options, { without: 'absent' });
  const plan = () => planPoints(program.file.path, points, world);
  const pulled = await pull(plan, store, remotes, { objection });
  for (const why of pulled.refused) io.err(`refused: ${why}`);
  for (const line of signersOf(pulled.came)) io.err(line);
  if (part) await verifyPart(io, opened, options, pulled, part);
  return pulled;
}

/** Who signed what came, a line for each. */
function signersOf(came: readonly StageRecord[]): readonly string[] {
  const by = new Map<string, number>();
  for (const { signed } of came) if (signed) by.set(signed.by, (by.get(signed.by) ?? 0) + 1);
  return [...by].map(([key, count]) => `signed by ${key}: ${counted(count, 'result')}`);
}

/** `3 results (1.4 MiB)`. */
export const amount = (results: number, bytes: number): string =>
  `${counted(results, 'result')} (${bytesText(bytes)})`;

/** How many results of a plan are still to be made. */
export const openOf = ({ summary }: Plan): number => summary.run + summary.await;

/** The names of remotes, for people. */
export const namesOf = (remotes: readonly Remote[]): string =>
  remotes.map(({ name }) => name).join(', ');

/** Entries of a remote that are not what they say are the end of a `pull` of a file. */
export function refusal(refused: number, { name, onlyRead }: Remote, file: string): SspError {
  const [what, whole] =
    refused === 1 ? ['one entry was', 'it whole'] : [`${refused} entries were`, 'them whole'];
  const mend = `\`ssp push ${shellWord(file)} --to ${shellWord(name)} --recheck\``;
  return new SspError('refused', `${what} refused`, {
    help: onlyRead
      ? 'ask for the bundle again; `ssp bundle` makes one'
      : `${mend}, from a store that has ${whole}, replaces what is damaged there`,
  });
}
