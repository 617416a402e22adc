import { canonical, type Json } from '../../base/canonical.js';
import { SspError } from '../../base/errors.js';
import type { EncoderArtifact } from '../stage.js';
import { networkText } from './described-text.js';
import { networkIn, readDescription } from './encoder-description.js';

/** Arguments that tell how a network is trained, not what it is. */
const ofTraining = new Set(['zero_init_residual', 'drop_path']);

/**
 * Refuses an encoder to begin with that is of another network than `backbone`, as it stands in a key: weights may
 * fit another network by their shapes alone (a stem with another stride).
 * @throws SspError `other-network`.
 */
export function checkSameNetwork(init: EncoderArtifact, backbone: Json | undefined): void {
  const given = networkIn(backbone);
  if (given === undefined) return;
  const theirs = readDescription(init.file('encoder.json'));
  const both = Object.keys(given.arguments).filter(
    (name) => !ofTraining.has(name) && Object.hasOwn(theirs.arguments, name),
  );
  const same = both.every(
    (name) =>
      canonical(given.arguments[name] ?? null) === canonical(theirs.arguments[name] ?? null),
  );
  if (given.network === theirs.network && same) return;
  throw new SspError(
    'other-network',
    `the encoder of \`init\` is ${networkText(theirs)}, and \`backbone\` is ${networkText(given)}`,
    { help: 'Give the same as `backbone`.' },
  );
}
