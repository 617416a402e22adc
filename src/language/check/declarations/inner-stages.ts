import type { Term } from '../../program.js';
import { type Inner, noInner, type StageTable } from '../context.js';

/** The stages in a place: those that its `def` declares, and those in arguments, as they are named. */
export function innerStages(
  { name, table }: { readonly name: string; readonly table: StageTable },
  declared: Inner = noInner,
): Inner {
  const prefix = `${name}.`;
  const made = () =>
    [...table.stages.keys()].flatMap((key) => {
      const [first = ''] = key.startsWith(prefix) ? key.slice(prefix.length).split('.') : [];
      return table.stages.has(prefix + first) ? [first] : [];
    });
  return {
    names: () => [...new Set([...declared.names(), ...made()])],
    find: (part) => {
      const known = declared.find(part);
      if (known) return known;
      const stage = table.stages.get(prefix + part);
      if (!stage) return undefined;
      const { type, dims, span } = stage;
      const term: Term = { kind: 'stage', stage: stage.name, type, dims, span };
      const inner = innerStages({ name: stage.name, table });
      return { meaning: { kind: 'stage', term, inner }, symbol: undefined };
    },
  };
}
