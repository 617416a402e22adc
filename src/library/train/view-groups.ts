import type { Extent } from '../../tensor/views/draws/extent.js';
import type { Augmentation, Views } from '../stage.js';

/** Numbers of a batch's images up to which several views are made of them at once: small ones cost their ops. */
const together = 2 ** 24;

/** Views that are made alike, by their numbers. */
interface Group {
  readonly view: Augmentation;
  readonly members: readonly number[];
}

/** Views by what is done to them, as many together as their images are small. */
export function groupsOf({ views }: Views, { count, height, width }: Extent): readonly Group[] {
  const most = Math.max(1, Math.floor(together / (count * 3 * height * width)));
  const open = new Map<string, number[]>();
  const groups: Group[] = [];
  views.forEach((view, number) => {
    const kind = JSON.stringify(view);
    const members = open.get(kind);
    if (members && members.length < most) {
      members.push(number);
      return;
    }
    const begun = [number];
    open.set(kind, begun);
    groups.push({ view, members: begun });
  });
  return groups;
}
