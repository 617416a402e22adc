import type { Images } from '../artifact/images.js';

/** Images that one of them may be paired with, in the source's order. */
export interface Partners {
  readonly count: number;
  at(place: number): number;
}

/** The images of one class in a split. */
export interface ClassMembers {
  readonly name: string;
  /** In the source's order. */
  readonly members: readonly number[];
  /**
   * The images of the class that one of them may be paired with: by another artist where the images
   * have artists, else any other.
   */
  partnersOf(member: number): Partners;
}

/** The classes that some images have, in the order of the classes. */
export function classMembers(images: Images, indices: Int32Array): readonly ClassMembers[] {
  const { values, numbers } = images.labels('class');
  const members = values.map((): number[] => []);
  for (const index of indices) members[numbers[index] ?? -1]?.push(index);
  return values.flatMap((name, number) => {
    const all = members[number] ?? [];
    return all.length === 0 ? [] : [{ name, members: all, partnersOf: partnersIn(images, all) }];
  });
}

function partnersIn(images: Images, members: readonly number[]): ClassMembers['partnersOf'] {
  if (!images.hasAttribute('artist')) {
    const places = new Map(members.map((member, place) => [member, place]));
    return (member) => {
      const own = places.get(member) ?? -1;
      const at = (place: number) => members[place < own ? place : place + 1] ?? -1;
      return { count: members.length - 1, at };
    };
  }
  const artistOf = (member: number) => images.item(member).attributes.artist;
  const byArtist = new Map<string | undefined, Partners>();
  return (member) => {
    const artist = artistOf(member);
    const known = byArtist.get(artist);
    if (known) return known;
    const others = members.filter((other) => artistOf(other) !== artist);
    const partners = { count: others.length, at: (place: number) => others[place] ?? -1 };
    byArtist.set(artist, partners);
    return partners;
  };
}
