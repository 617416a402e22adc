import type { Concept } from './concepts.js';
import type { IconSet } from './icon-sets.js';

/** An icon that draws a concept. */
export interface Match {
  readonly set: IconSet;
  readonly concept: Concept;
  readonly icon: string;
}

/**
 * Icons whose name matches but whose drawing shows something else, found by looking at all of
 * fxemoji's, which has no code points, and at those that others reported: a sea wave as a waving
 * hand, a piano as a keyboard, a hand as a button, the two pouting faces swapped.
 */
const wrong: ReadonlySet<string> = new Set([
  'fxemoji/wave',
  'fxemoji/keyboard',
  'fxemoji/down',
  'fxemoji/pout',
  'fxemoji/pouting',
  'noto-v1/calendar',
]);

/**
 * Finds each set's icon of each concept: by code points, else by the concept's name, else by
 * another name for it. An icon that would stand for several concepts stands for none, except where
 * code points decide; wrong icons are left out.
 */
export function matchIcons(
  sets: readonly IconSet[],
  concepts: readonly Concept[],
): readonly Match[] {
  const names = otherNames(sets);
  const flat = sets.find((set) => set.name === 'fluent-emoji-flat');
  return sets.flatMap((set) => {
    // fluent-emoji has flat's icon names, and no code points of its own.
    const points = set.name === 'fluent-emoji' && flat ? flat.byCodePoints : set.byCodePoints;
    const squashed = new Map(Object.keys(set.icons).map((icon) => [squash(icon), icon]));
    const found = concepts.map((concept) => {
      const exact = resolve(set, points.get(concept.codePoints));
      if (exact !== undefined) return { concept, icon: exact, exact: true };
      const candidates = [
        concept.slug,
        ...(names.get(concept.codePoints) ?? []),
        ...concept.shortcodes,
      ];
      let icon = first(candidates, (name) => resolve(set, name));
      // Names of fxemoji have no hyphens.
      icon ??= first(candidates, (name) => squashed.get(squash(name)));
      return { concept, icon, exact: false };
    });
    return unambiguous(set, found);
  });
}

interface Found {
  readonly concept: Concept;
  readonly icon: string | undefined;
  readonly exact: boolean;
}

function unambiguous(set: IconSet, found: readonly Found[]): Match[] {
  const uses = new Map<string, Found[]>();
  for (const one of found) {
    if (one.icon !== undefined) uses.set(one.icon, [...(uses.get(one.icon) ?? []), one]);
  }
  return [...uses].flatMap(([icon, users]) => {
    if (wrong.has(`${set.name}/${icon}`)) return [];
    const exact = users.filter((user) => user.exact);
    const [user, other] = exact.length > 0 ? exact : users;
    return user !== undefined && other === undefined ? [{ set, concept: user.concept, icon }] : [];
  });
}

function resolve(set: IconSet, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  return set.icons[name] === undefined ? set.aliases.get(name) : name;
}

/** By code points: the names and aliases of the sets that know code points. */
function otherNames(sets: readonly IconSet[]): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  const add = (points: string, name: string) =>
    names.set(points, (names.get(points) ?? new Set()).add(name));
  for (const set of sets) {
    const pointsOf = new Map([...set.byCodePoints].map(([points, icon]) => [icon, points]));
    for (const [points, icon] of set.byCodePoints) add(points, icon);
    for (const [alias, icon] of set.aliases) {
      const points = pointsOf.get(icon);
      if (points !== undefined) add(points, alias);
    }
  }
  return names;
}

function first<T>(values: Iterable<string>, find: (value: string) => T | undefined): T | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function squash(name: string): string {
  return name.replace(/-/g, '');
}
