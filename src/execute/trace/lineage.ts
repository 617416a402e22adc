import type { TracedStage } from './traced-stage.js';

/** The stages that some points were made from: these and all that they read, the nearest first. */
export function lineageOf<S extends Pick<TracedStage, 'id' | 'inputs'>>(
  ids: Iterable<string>,
  stages: readonly S[],
): readonly S[] {
  const needed = new Set(ids);
  // Every stage stands after its inputs.
  return stages.toReversed().filter(({ id, inputs }) => {
    if (!needed.has(id)) return false;
    for (const input of inputs) needed.add(input);
    return true;
  });
}
