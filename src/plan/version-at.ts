import { canonical, type Json } from '../base/canonical.js';
import type { Extern } from '../language/program.js';

/**
 * The version of a stage or value at its arguments: the highest of those whose condition holds. So a
 * change of what few arguments mean leaves the keys of all others as they were.
 */
export function versionAt(
  { version, revisions = [] }: Extern,
  argument: (param: string) => Json | undefined,
): number {
  const held = revisions.filter(({ where }) =>
    where.every(({ param, value }) => canonical(argument(param) ?? null) === canonical(value)),
  );
  return Math.max(version, ...held.map((revision) => revision.version));
}
