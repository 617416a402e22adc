import type { Json } from '../base/canonical.js';
import type { SspError } from '../base/errors.js';
import type { Network } from './artifact/encoder-description.js';
import type { NetworkParameter } from './network-parameter.js';
import { networks } from './networks.gen.js';
import type { Backbone } from './stage.js';

/**
 * The network that a description of an encoder names; parameters that it leaves out have their defaults, unless
 * it has to be `complete`.
 * @throws what `refuse` makes of a network that there is not, and of parameters that it does not have.
 */
export async function networkOf(
  { network, arguments: given }: Network,
  refuse: (found: string) => SspError,
  options: { readonly complete?: boolean } = {},
): Promise<Backbone> {
  const parameters = Object.hasOwn(networks, network) ? networks[network] : undefined;
  if (parameters === undefined) {
    throw refuse(`names the network \`${network}\`, which this version of ssp does not have`);
  }
  const strange = Object.keys(given).find((name) => !Object.hasOwn(parameters, name));
  if (strange !== undefined) {
    const known = Object.keys(parameters).join(', ');
    throw refuse(`has an argument \`${strange}\` of ${network}, which takes ${known}`);
  }
  const args = Object.entries(parameters).map(([name, parameter]) => {
    const left = options.complete ? undefined : parameter.default;
    const value = Object.hasOwn(given, name) ? given[name] : left;
    if (value === undefined) throw refuse(`has no argument \`${name}\` of ${network}`);
    if (fits(value, parameter)) return [name, value] as const;
    throw refuse(
      `has ${JSON.stringify(value)} as the argument \`${name}\` of ${network}, not ${parameter.expected}`,
    );
  });
  // A name of the table is a file of the library.
  const file = `./backbone/${network}.js`;
  const { make }: { make: (args: unknown) => Backbone } = await import(file);
  return make(Object.fromEntries(args));
}

function fits(value: Json, { is, low, high, choices }: NetworkParameter): boolean {
  if (is === 'bool') return typeof value === 'boolean';
  if (is === 'text') return typeof value === 'string' && (choices?.includes(value) ?? true);
  if (typeof value !== 'number' || (is === 'whole' && !Number.isSafeInteger(value))) return false;
  return (low === undefined || value >= low) && (high === undefined || value <= high);
}
