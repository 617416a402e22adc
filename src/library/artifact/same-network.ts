import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonical } from '../../base/canonical.js';
import { SspError } from '../../base/errors.js';
import type { EncoderArtifact, StageContext } from '../stage.js';
import { networkText } from './described-text.js';
import { type Network, readDescription } from './encoder-description.js';
import { networkFilesIn } from './network-files.js';

/** Arguments that tell how a network is trained, not what it is. */
const ofTraining = new Set(['zero_init_residual', 'drop_path']);

/**
 * Refuses an encoder to begin with that is of another network than the stage's: weights may fit another network by
 * their shapes alone (a stem with another stride). Of the user's own networks other code is remarked, as it may
 * have been mended.
 * @throws SspError `other-network`.
 */
export function checkSameNetwork(
  init: EncoderArtifact,
  given: Network,
  { out, remark }: Pick<StageContext<unknown>, 'out' | 'remark'>,
): void {
  const theirs = readDescription(init.file('encoder.json'));
  const both = Object.keys(given.arguments).filter(
    (name) => !ofTraining.has(name) && Object.hasOwn(theirs.arguments, name),
  );
  const same = both.every(
    (name) =>
      canonical(given.arguments[name] ?? null) === canonical(theirs.arguments[name] ?? null),
  );
  const own = given.module !== undefined && theirs.module !== undefined;
  const named = own || (given.module === theirs.module && given.network === theirs.network);
  if (!named || !same) {
    throw new SspError(
      'other-network',
      `the encoder of \`init\` is ${networkText(theirs)}, and \`backbone\` is ${networkText(given)}`,
      { help: 'Give the same as `backbone`.' },
    );
  }
  if (!own) return;
  const changed = networkFilesIn(out).find(
    (name) =>
      !init.has(name) || !readFileSync(init.file(name)).equals(readFileSync(join(out, name))),
  );
  if (changed === undefined) return;
  remark(
    `the encoder of \`init\` was made with other code of its network than \`backbone\`: \`${changed}\` differs`,
  );
}
