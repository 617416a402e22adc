import type { World } from '../../plan/evaluate.js';

/** What was looked at in a world. */
export interface Recording {
  readonly world: World;
  /** The points whose results were read, in the order of the first reading. */
  readonly read: Set<string>;
  /** Why images told nothing where they were asked. */
  readonly silent: Set<string>;
}

/** The same world, of which is written down what is looked at. */
export function recording(world: World): Recording {
  const read = new Set<string>();
  const silent = new Set<string>();
  const result = (id: string) => {
    read.add(id);
    return world.result?.(id);
  };
  const images: World['images'] = (asked, seen) => {
    const told = world.images?.(asked, seen) ?? 'predictions are not read here';
    if (typeof told === 'string') silent.add(told);
    return told;
  };
  return { world: { ...world, result, images }, read, silent };
}
