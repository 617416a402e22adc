import { codePoints } from './icon-sets.js';
import { readPackage } from './read-package.js';

/** The groups of concepts, in the order of their numbers. */
export const groups = [
  'smileys',
  'people',
  'animals',
  'food',
  'travel',
  'activities',
  'objects',
  'symbols',
] as const;

/** What an emoji stands for. */
export interface Concept {
  /** From its English name: `grinning-face`. */
  readonly slug: string;
  readonly codePoints: string;
  readonly group: string;
  /** A finer group: `animal-bird`. */
  readonly subgroup: string;
  /** Other names for it, `grinning`, as chat programs write them. */
  readonly shortcodes: readonly string[];
}

interface Entry {
  readonly label: string;
  readonly hexcode: string;
  readonly group?: number;
  readonly subgroup?: number;
}

interface Groups {
  /** Names of the finer groups by their numbers. */
  readonly subgroups: Readonly<Record<string, string>>;
}

// The groups' numbers in emojibase: 2 are components (skin tones, hair), 9 are flags.
const groupOf = new Map<number | undefined, string>([
  [0, 'smileys'],
  [1, 'people'],
  [3, 'animals'],
  [4, 'food'],
  [5, 'travel'],
  [6, 'activities'],
  [7, 'objects'],
  [8, 'symbols'],
]);

/**
 * The concepts of `emojibase-data`, in its order: without components, flags, and the variants of
 * people by gender, hair or job, which differ from each other in a few pixels.
 */
export function readConcepts(): readonly Concept[] {
  // Shapes as in the package's own data.json.d.ts.
  const entries = readPackage('emojibase-data', 'en/data.json') as readonly Entry[];
  const { subgroups } = readPackage('emojibase-data', 'meta/groups.json') as Groups;
  const shortcodes = readShortcodes();
  return entries.flatMap((entry) => {
    const group = groupOf.get(entry.group);
    const points = codePoints(entry.hexcode);
    if (group === undefined || (group === 'people' && points.includes('200d'))) return [];
    return {
      slug: slug(entry.label),
      codePoints: points,
      group,
      subgroup: subgroups[entry.subgroup ?? -1] ?? '',
      shortcodes: shortcodes.get(points) ?? [],
    };
  });
}

const shortcodeSets = ['cldr', 'emojibase', 'emojibase-legacy', 'github', 'iamcal', 'joypixels'];

function readShortcodes(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const set of shortcodeSets) {
    const file = readPackage('emojibase-data', `en/shortcodes/${set}.json`);
    for (const [hexcode, names] of Object.entries(file as Record<string, string | string[]>)) {
      const points = codePoints(hexcode);
      const list = found.get(points) ?? [];
      for (const name of [names].flat()) list.push(name.replace(/_/g, '-'));
      found.set(points, list);
    }
  }
  return found;
}

function slug(label: string): string {
  return label
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[’'“”".!(),]/g, '')
    .replace(/&/g, 'and')
    .replace(/#/g, 'hash')
    .replace(/\*/g, 'asterisk')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
