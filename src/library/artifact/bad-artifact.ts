import { SspError } from '../../base/errors.js';

/** A file of a result that is not what the result's type says; `name` is the file's own. */
export function badArtifact(
  name: string,
  found: string,
  help = 'Mend the stage that makes it: “Images of your own” in the documentation of the language says what the files hold.',
): SspError {
  return new SspError('bad-artifact', `\`${name}\` ${found}`, { help });
}
