import type { Json } from '../../base/canonical.js';
import { isRecord } from '../../base/own.js';

/** Height and width of each view of a pair, as a plan has the description; none for views of one's own. */
export function viewSizes(views: Json | undefined): readonly number[] {
  if (!isRecord(views) || !isRecord(views.args)) return [];
  const { args, describe } = views;
  switch (describe) {
    case 'std.views.multi_crop': {
      const smaller = viewSizes(args.locals);
      return [
        ...viewSizes(args.globals),
        ...times(args.count, (at) => smaller[at % smaller.length]),
      ];
    }
    case 'std.views.own_patches':
      return viewSizes(args.views);
    case 'std.views.pirl_views':
      return [args.size, args.patches_size].filter((size) => typeof size === 'number');
    default:
      return typeof args.size === 'number' && String(describe).startsWith('std.views.')
        ? [args.size, args.size, ...times(args.locals ?? 0, () => args.local_size)]
        : [];
  }
}

const times = (count: Json | undefined, at: (index: number) => Json | undefined): number[] =>
  Array.from({ length: typeof count === 'number' ? count : 0 }, (_, index) => at(index)).filter(
    (size) => typeof size === 'number',
  );
