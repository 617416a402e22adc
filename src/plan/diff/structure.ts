import { digestOf, type Json } from '../../base/canonical.js';
import type { StagePoint } from '../plan.js';
import { codeInKey } from '../point-code.js';
import * as tagged from '../tagged.js';

/** What stands for an artifact and for a file in a value whose names do not matter. */
export type Stand = Pick<tagged.Stand, 'input' | 'content'>;

/** A resolved value with its artifacts and files replaced. */
export function withStand(value: Json, stand: Stand): Json {
  return tagged.replaced(value, {
    ...stand,
    metric: (id, field) => ({ metric: field, of: stand.input(id) }),
    unset: (env) => ({ env }),
    module: (module) => withStand(module, stand),
  });
}

/** The digest of a file or folder, or undefined when it cannot be read. */
export type KnownContents = (path: string, kind: 'file' | 'folder') => string | undefined;

/** The content of a file where it is known, else its path. */
export function contentOrPath(contents: KnownContents): Stand['content'] {
  return (path, kind) => contents(path, kind) ?? path;
}

/** For a stage of the user's own: what its code means. */
export function codeMeaning(
  { code }: StagePoint,
  contents: KnownContents,
): { readonly code?: Json } {
  return code ? { code: codeInKey(code, (path, kind) => contents(path, kind) ?? path) } : {};
}

/** For an encoder on the way of a training: the epoch. */
export const onTheWay = ({ epoch }: StagePoint): { readonly epoch?: number } =>
  epoch === undefined ? {} : { epoch };

/**
 * What each point means, whatever names it has: the digest of its stage, its parameters and what
 * its inputs mean. Two files with the same digests are the same experiment. `points` stand in
 * dependency order.
 */
export function structuresOf(
  points: readonly StagePoint[],
  contents: KnownContents,
): ReadonlyMap<string, string> {
  const digests = new Map<string, string>();
  const stand: Stand = {
    input: (id) => digests.get(id) ?? id,
    content: contentOrPath(contents),
  };
  for (const point of points) {
    const { id, stage, version, params } = point;
    const code = codeMeaning(point, contents);
    const rest = { ...code, ...onTheWay(point) };
    const meaning = { stage, version, params: withStand({ record: params }, stand), ...rest };
    digests.set(id, digestOf('ssp-structure/1', meaning));
  }
  return digests;
}
