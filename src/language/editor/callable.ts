import type { Meaning } from '../check/context.js';
import type { Extern } from '../program.js';

/** Parameters and result of what can be called by name: a declared stage or value, or a `def`. */
export function callable(meaning: Meaning | undefined): Extern | undefined {
  if (meaning?.kind === 'extern') return meaning.extern;
  return meaning?.kind === 'def' ? meaning.def.signature : undefined;
}
