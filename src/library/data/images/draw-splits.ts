import { createHash } from 'node:crypto';
import { SspError } from '../../../base/errors.js';
import type { Sample } from './sample.js';

/** Shares of the images. */
export interface Shares {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/**
 * Gives each image that has none a split: within each class in the order of a hash of seed and name, so
 * that a file more moves few others. What a class is short of or has too many by rounding, half an image at
 * most, goes over to the next; the first image of a class is for training. `copies`
 * (`copied-files.ts`) are drawn as one image, the first, and are all in its split, or in one that one of them has.
 * @throws SspError `bad-splits` when the shares are not the whole.
 */
export function drawSplits(
  samples: readonly Sample[],
  shares: Shares,
  seed: number,
  copies: ReadonlyMap<number, number> = new Map(),
): readonly (Sample & { readonly split: string })[] {
  const sum = shares.train + shares.validation + shares.test;
  const isWhole = Math.abs(sum - 1) <= 1e-9;
  if (!isWhole || shares.train === 0) {
    const found = isWhole ? 'give `train` nothing' : `are ${percent(sum)} together`;
    throw new SspError('bad-splits', `the shares of \`splits\` ${found}`, {
      help: 'expected 100 %, with something for `train`: `splits: {train: 80%, validation: 10%, test: 10%}`',
    });
  }
  const leaders = leadersOf(samples, copies);
  const classes = new Map<string, { index: number; order: string }[]>();
  samples.forEach(({ file, split, attributes }, index) => {
    if (split !== undefined || (leaders.get(index) ?? index) !== index) return;
    const order = createHash('sha256')
      .update(`${seed}/${JSON.stringify(file.name)}`)
      .digest('hex');
    const name = attributes.class ?? '';
    const members = classes.get(name);
    if (members) members.push({ index, order });
    else classes.set(name, [{ index, order }]);
  });
  const drawn = new Map<number, string>();
  const owed = { validation: 0, test: 0 };
  for (const name of [...classes.keys()].sort()) {
    const members = (classes.get(name) ?? []).sort((a, b) => (a.order < b.order ? -1 : 1));
    let left = members.length - 1;
    const ends = (['test', 'validation'] as const).map((split) => {
      const due = owed[split] + shares[split] * members.length;
      const count = Math.max(0, Math.min(left, Math.round(due)));
      // What it could not give for other reasons is not taken from the next.
      owed[split] = Math.max(-0.5, Math.min(0.5, due - count));
      left -= count;
      return [split, count] as const;
    });
    let at = members.length;
    for (const [split, count] of ends) {
      for (const { index } of members.slice(at - count, at)) drawn.set(index, split);
      at -= count;
    }
  }
  return samples.map((sample, index) => {
    const leader = leaders.get(index) ?? index;
    const split = sample.split ?? samples[leader]?.split ?? drawn.get(leader) ?? 'train';
    return { ...sample, split };
  });
}

/** For each sample that is a copy of others, the one whose split it shares: the first that has one, else the first. */
function leadersOf(
  samples: readonly Sample[],
  copies: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  const leaders = new Map<number, number>();
  for (const [index, first] of copies) {
    if (!leaders.has(first) && samples[index]?.split !== undefined) leaders.set(first, index);
  }
  return new Map([...copies].map(([index, first]) => [index, leaders.get(first) ?? first]));
}

const percent = (share: number): string => `${Number((100 * share).toFixed(6))} %`;
