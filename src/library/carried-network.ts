import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { SspError } from '../base/errors.js';
import { isRecord } from '../base/own.js';
import type { Network } from './artifact/encoder-description.js';
import { exportOf, resolveLibrary } from './own-module.js';
import type { Backbone } from './stage.js';

/**
 * The network that an encoder carries as a module: whoever reads the encoder runs its code. `folder` is where the
 * encoder's `network/` lies.
 * @throws what `refuse` makes of a module that is not there, fails or makes no network.
 */
export async function carriedNetwork(
  { module, arguments: given }: Network & { readonly module: string },
  folder: string,
  refuse: (found: string, help?: string) => SspError,
): Promise<Backbone> {
  const path = join(folder, module);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw refuse(
      `names the module \`${module}\` of its network, which is not there`,
      'It lies beside `encoder.json`, with what it imports.',
    );
  }
  resolveLibrary();
  let made: unknown;
  try {
    const make = await exportOf<(args: unknown) => unknown>(path, {
      name: 'make',
      help: 'write `export function make({ width }) { return { features, init, apply }; }`',
    });
    made = await make(given);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw refuse(`has a network that cannot be made: ${message}`, alone);
  }
  const fault = networkFault(made);
  if (fault !== undefined) throw refuse(`has a network whose \`make\` ${fault}`, contract);
  return made as Backbone; // looked at
}

/** What is not as {@link Backbone} says in what `make` returned. */
export function networkFault(made: unknown): string | undefined {
  if (!isRecord(made)) return 'returned no object';
  const { features, init, apply } = made;
  if (!(Number.isSafeInteger(features) && Number(features) > 0)) {
    return 'returned no length of the features as `features`';
  }
  if (typeof init !== 'function') return 'returned no function `init`';
  return typeof apply === 'function' ? undefined : 'returned no function `apply`';
}

export const contract =
  'A Backbone is `{ features, init(rng), apply(weights, x, training) }`: see `Backbone` in the types of `ssp/library`.';

const alone =
  'An encoder carries the module of its network and what its text imports by relative paths; besides these it may import `ssp/library` and what Node itself has.';
