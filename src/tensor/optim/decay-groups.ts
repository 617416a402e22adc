import { type NamedTensors, pick } from '../named-tensors.js';

/** Parameters that an optimiser treats alike: it updates them as one vector. */
export interface DecayGroup {
  /** `matrices` and `vectors`, or of a large parameter its own name. */
  readonly name: string;
  /** In the order in which their numbers stand in the vector. */
  readonly names: readonly string[];
  /** Whether weight decay is on them. */
  readonly decays: boolean;
}

/** Values from which a parameter is a group alone: one vector of all would need their memory once more. */
const large = 16_384;

/**
 * Groups of equal weight decay. With `exclude`, vectors and scalars (biases, scales and shifts of
 * batch norm) have none. Many small parameters are one group, as each op has its cost.
 */
export function decayGroups(trained: NamedTensors, exclude: boolean): DecayGroup[] {
  const groups = new Map<string, { names: string[]; decays: boolean }>();
  for (const name of Object.keys(trained).sort()) {
    const { rank, size } = pick(trained, name);
    const kind = rank <= 1 ? 'vectors' : 'matrices';
    const key = size < large ? kind : `of.${name}`;
    const group = groups.get(key) ?? { names: [], decays: !exclude || rank > 1 };
    groups.set(key, group);
    group.names.push(name);
  }
  return [...groups].map(([name, group]) => ({ name, ...group }));
}

/** The number of values in a group. */
export function groupSize(group: DecayGroup, trained: NamedTensors): number {
  return group.names.reduce((sum, name) => sum + (trained[name]?.size ?? 0), 0);
}
