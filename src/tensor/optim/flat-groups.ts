import { type NamedTensors, pick } from '../named-tensors.js';

/** Tensors that are treated alike: as one vector, for each op has its cost, on a GPU of a launch. */
export interface FlatGroup {
  /** Of its kind, or of a large tensor its own name. */
  readonly name: string;
  /** In the order in which their numbers stand in the vector. */
  readonly names: readonly string[];
}

/** Values from which a tensor is a group alone: one vector of all would need their memory once more. */
const large = 262_144;

/** Tensors by kind (default: all are of one), small ones together. */
export function flatGroups(
  tensors: NamedTensors,
  kindOf: (name: string) => string = () => 'small',
): readonly FlatGroup[] {
  const groups = new Map<string, string[]>();
  for (const name of Object.keys(tensors).sort()) {
    const key = pick(tensors, name).size < large ? kindOf(name) : `of.${name}`;
    const group = groups.get(key);
    if (group) group.push(name);
    else groups.set(key, [name]);
  }
  return [...groups].map(([name, names]) => ({ name, names }));
}

/** The number of values in a group. */
export function groupSize({ names }: FlatGroup, tensors: NamedTensors): number {
  return names.reduce((sum, name) => sum + pick(tensors, name).size, 0);
}
