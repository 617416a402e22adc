/**
 * The classes of objects, and the finer groups of `emojibase-data` that they are: alike enough to be
 * learned from some drawings, and with at least three concepts in each of splits `train` and `test`.
 */
const groups: Readonly<Record<string, readonly string[]>> = {
  face: [
    ...['face-smiling', 'face-affection', 'face-tongue', 'face-hand', 'face-neutral-skeptical'],
    ...['face-sleepy', 'face-unwell', 'face-hat', 'face-glasses', 'face-concerned'],
    'face-negative',
  ],
  heart: ['heart'],
  hand: [
    ...['hand-fingers-open', 'hand-fingers-partial', 'hand-single-finger', 'hand-fingers-closed'],
    'hands',
  ],
  person: ['person', 'person-gesture', 'person-role'],
  mammal: ['animal-mammal'],
  bird: ['animal-bird'],
  marine: ['animal-marine'],
  plant: ['plant-flower', 'plant-other'],
  fruit: ['food-fruit'],
  vehicle: ['transport-ground'],
  building: ['place-building', 'place-religious'],
  arrow: ['arrow'],
};

const classOfGroup = new Map(
  Object.entries(groups).flatMap(([name, members]) => members.map((group) => [group, name])),
);

/** The class of a concept's finer group; undefined for what stands in scenes without being an object. */
export const classOfSubgroup = (subgroup: string): string | undefined => classOfGroup.get(subgroup);
