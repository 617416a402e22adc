import { createHash } from 'node:crypto';
import { invariant } from '../../../base/errors.js';

/** What a split is made over: a concept in a group. */
export interface Member {
  readonly slug: string;
  readonly group: string;
}

/** Shares of the concepts, in percent. */
const shares = [
  { split: 'train', percent: 60 },
  { split: 'validation', percent: 15 },
  { split: 'test', percent: 25 },
] as const;

/**
 * Deals the concepts to the splits: fixed by their names, near each split's share within every
 * group, and never tearing a cluster (names separated by blanks) apart. Big clusters are dealt
 * first, then the rest in the order of a hash; each goes where most of its groups' room is left.
 */
export function assignSplits(
  concepts: readonly Member[],
  clusters: readonly string[],
): ReadonlyMap<string, string> {
  const room = new Map<string, number>();
  for (const { group } of concepts) {
    for (const { split, percent } of shares) {
      const key = `${split} ${group}`;
      room.set(key, (room.get(key) ?? 0) + percent / 100);
    }
  }
  const splits = new Map<string, string>();
  for (const cluster of inOrder(concepts, clusters)) {
    const left = (split: string) =>
      cluster.reduce((sum, { group }) => sum + (room.get(`${split} ${group}`) ?? 0), 0);
    const roomiest = shares.reduce((best, next) =>
      left(next.split) > left(best.split) ? next : best,
    );
    for (const { slug, group } of cluster) {
      const key = `${roomiest.split} ${group}`;
      room.set(key, (room.get(key) ?? 0) - 1);
      splits.set(slug, roomiest.split);
    }
  }
  return splits;
}

function inOrder(concepts: readonly Member[], clusters: readonly string[]): readonly Member[][] {
  const clusterOf = new Map(
    clusters.flatMap((names) => names.split(' ').map((slug) => [slug, names] as const)),
  );
  const members = new Map<string, Member[]>();
  for (const concept of concepts) {
    const key = clusterOf.get(concept.slug) ?? concept.slug;
    members.set(key, [...(members.get(key) ?? []), concept]);
  }
  const ranked = [...members].map(([key, cluster]) => {
    invariant(cluster.length > 0, 'a cluster has a concept');
    return { cluster, hash: createHash('sha256').update(`emoji split 1\n${key}`).digest('hex') };
  });
  ranked.sort((a, b) => b.cluster.length - a.cluster.length || (a.hash < b.hash ? -1 : 1));
  return ranked.map(({ cluster }) => cluster);
}
