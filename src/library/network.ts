import type { Json } from '../base/canonical.js';
import { invariant, type SspError } from '../base/errors.js';
import type { Network } from './artifact/encoder-description.js';
import { carriedNetwork } from './carried-network.js';
import type { NetworkParameter } from './network-parameter.js';
import { networks } from './networks.gen.js';
import type { Backbone } from './stage.js';

interface NetworkOptions {
  /** All arguments have to be there; else those of the library that are left out have their defaults. */
  readonly complete?: boolean;
  /** Where the encoder's `network/` lies: its module may be the user's own. */
  readonly carried?: string;
}

/**
 * The network that a description of an encoder names.
 * @throws what `refuse` makes of a network that there is not, and of parameters that it does not have.
 */
export async function networkOf(
  { network, module, arguments: given }: Network,
  refuse: (found: string, help?: string) => SspError,
  { carried, complete }: NetworkOptions = {},
): Promise<Backbone> {
  if (module !== undefined) {
    invariant(carried !== undefined, `the module of \`${network}\` is laid out`);
    return carriedNetwork({ network, module, arguments: given }, carried, refuse);
  }
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
    const left = complete ? undefined : parameter.default;
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
