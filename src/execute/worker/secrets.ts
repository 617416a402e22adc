import { SspError } from '../../base/errors.js';
import { digestOfSecret } from '../../base/secret.js';
import type { Task } from '../task.js';

/** The secrets of a task by their digests, from the environment. Throws an SspError where one is not there or another. */
export function secretsOf(
  task: Task,
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [digest, name] of Object.entries(task.secrets ?? {})) {
    const text = env[name];
    if (text === undefined) {
      throw new SspError(
        'secret-unset',
        `\`${task.id}\` needs the secret ${name}, which is not set`,
        {
          help: 'set it in the environment in which the stage is started',
        },
      );
    }
    if (digestOfSecret(text) !== digest) {
      throw new SspError(
        'secret-changed',
        `the secret ${name} of \`${task.id}\` is another than when the stage was planned`,
        { help: 'set it as it was, or run `ssp run` again with this one' },
      );
    }
    texts.set(digest, text);
  }
  return texts;
}
