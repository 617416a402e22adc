import type { Json } from '../../base/canonical.js';
import { describedName } from './described-text.js';

/**
 * Says that views are no whole number of a vision transformer's patches, which leaves their last columns and rows out.
 * `backbone` is as it stands in a key, `sizes` are those of the views.
 */
export function cutPatches(
  backbone: Json | undefined,
  sizes: readonly number[],
): string | undefined {
  const patch = patchOf(backbone);
  if (patch === undefined) return undefined;
  const cut = [...new Set(sizes)].find((size) => size % patch !== 0);
  if (cut === undefined) return undefined;
  const left = cut % patch;
  return `a view of ${cut} px is no whole number of \`${describedName(backbone ?? null)}\`'s patches of ${patch} px: the network does not see its last ${left} px at the right and below`;
}

function patchOf(backbone: Json | undefined): number | undefined {
  if (typeof backbone !== 'object' || backbone === null) return undefined;
  const { describe, args } = backbone as { readonly describe?: Json; readonly args?: Json };
  if (!String(describe).startsWith('std.backbone.vit')) return undefined;
  if (typeof args !== 'object' || args === null || !('patch' in args)) return undefined;
  return typeof args.patch === 'number' ? args.patch : undefined;
}
