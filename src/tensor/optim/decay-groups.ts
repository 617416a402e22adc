import { type NamedTensors, pick } from '../named-tensors.js';
import { type FlatGroup, flatGroups } from './flat-groups.js';

/** Parameters that an optimiser treats alike. */
export interface DecayGroup extends FlatGroup {
  /** Whether weight decay is on them. */
  readonly decays: boolean;
}

/**
 * Groups of equal weight decay: `matrices`, `vectors`, and large ones alone. With `exclude`, vectors and
 * scalars (biases, scales and shifts of batch norm) have none.
 */
export function decayGroups(trained: NamedTensors, exclude: boolean): DecayGroup[] {
  const isVector = (name: string): boolean => pick(trained, name).rank <= 1;
  return flatGroups(trained, (name) => (isVector(name) ? 'vectors' : 'matrices')).map((group) => ({
    ...group,
    decays: !(exclude && group.names.every(isVector)),
  }));
}
