import { SspError } from '../../../base/errors.js';
import { assignSplits } from '../emoji/assign-splits.js';
import type { Concept } from '../emoji/concepts.js';
import { iconSets } from '../emoji/icon-sets.js';
import type { Match } from '../emoji/match-icons.js';
import { nearDuplicates } from '../emoji/near-duplicates.js';

/** Whether a split has a drawing. */
export type IsIn = (match: Match, split: string) => boolean;

/** What splits share nothing of: concepts, or artists. */
export function divided(
  apart: 'concepts' | 'artists',
  held: string,
  concepts: readonly Concept[],
): IsIn {
  return apart === 'artists' ? byArtist(held) : byConcept(concepts, held);
}

/** Each split has concepts of its own, and the artist that is held out is in split `test` alone. */
function byConcept(concepts: readonly Concept[], held: string): IsIn {
  const splits = assignSplits(concepts, nearDuplicates);
  return ({ concept, set }, split) =>
    splits.get(concept.slug) === split && (split === 'test' || set.artist !== held);
}

/** Split `test` has the artist that is held out, `validation` the one that follows, `train` all others. */
function byArtist(held: string): IsIn {
  const artists: readonly string[] = [...new Set(iconSets.map(({ artist }) => artist))];
  const at = artists.indexOf(held);
  if (at === -1) {
    throw new SspError(
      'no-artist',
      'no artist is held out, whose drawings split `test` would have',
      {
        help: 'Name one by `hold_out`, or take `apart: "concepts"`.',
      },
    );
  }
  const next = artists[(at + 1) % artists.length];
  return ({ set: { artist } }, split) =>
    split === (artist === held ? 'test' : artist === next ? 'validation' : 'train');
}
