import type { Field, Program } from '../../language/program.js';
import type { DisplayNames } from '../record.js';

/** What readers see instead of the names of axes and of their labels. */
export function displayNamesOf({ axes }: Pick<Program, 'axes'>): DisplayNames {
  const entries = axes.flatMap(({ name, shown }) => (shown === undefined ? [] : [[name, shown]]));
  const labels = axes.flatMap((axis) => {
    const named = axis.labels.flatMap(({ label, shown }) =>
      shown === undefined ? [] : [[label, shown] as const],
    );
    return named.length === 0 ? [] : [[axis.name, Object.fromEntries(named)] as const];
  });
  return { axes: Object.fromEntries(entries), labels: Object.fromEntries(labels) };
}

/** What readers see instead of a column's name: what it says, else what all axes say of a label of that name. */
export function columnNameOf({ name, shown }: Field, names: DisplayNames): string | undefined {
  if (shown !== undefined) return shown;
  const said = Object.values(names.labels).flatMap((labels) =>
    Object.hasOwn(labels, name) ? [labels[name]] : [],
  );
  return new Set(said).size === 1 ? said[0] : undefined;
}
