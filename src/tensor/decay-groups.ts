import type { NamedTensors } from './named-tensors.js';

/** Parameters that an optimiser treats alike: it updates them as one long vector. */
export interface DecayGroup {
  /** `all`; with vectors left out of the decay: `matrices` and `vectors`. */
  readonly name: string;
  /** In the order in which their numbers stand in the long vector. */
  readonly names: readonly string[];
  /** Whether weight decay is on them. */
  readonly decays: boolean;
}

/**
 * Groups of equal weight decay. With `exclude`, vectors and scalars (biases, scales and shifts of
 * batch norm) form a group without decay.
 */
export function decayGroups(trained: NamedTensors, exclude: boolean): DecayGroup[] {
  const names = Object.keys(trained).sort();
  if (!exclude) return [{ name: 'all', names, decays: true }];
  const isVector = (name: string): boolean => (trained[name]?.rank ?? 0) <= 1;
  return [
    { name: 'matrices', names: names.filter((name) => !isVector(name)), decays: true },
    { name: 'vectors', names: names.filter(isVector), decays: false },
  ].filter((group) => group.names.length > 0);
}

/** The number of values in a group. */
export function groupSize(group: DecayGroup, trained: NamedTensors): number {
  return group.names.reduce((sum, name) => sum + (trained[name]?.size ?? 0), 0);
}
