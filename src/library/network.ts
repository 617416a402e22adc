import { type SspError, systemCode } from '../base/errors.js';
import type { Network } from './artifact/encoder-description.js';
import type { Backbone } from './stage.js';

/**
 * The network that a description of an encoder names.
 * @throws what `refuse` makes of a network that there is not.
 */
export async function networkOf(
  { network, arguments: given }: Network,
  refuse: (found: string) => SspError,
): Promise<Backbone> {
  let module: { readonly make: (args: unknown) => Backbone };
  try {
    // The name has the letters of a name alone: it leads nowhere else.
    const file = `./backbone/${network}.js`;
    module = await import(file);
  } catch (error) {
    if (systemCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw refuse(`names the network \`${network}\`, which this version of ssp does not have`);
  }
  return module.make(given);
}
