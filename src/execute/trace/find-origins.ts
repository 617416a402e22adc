import { UsageError } from '../../base/errors.js';
import { listing, nearest } from '../../base/nearest.js';
import { sliced } from '../../plan/select.js';
import { type Slice, sameLabel, slicesIn } from '../../plan/slice-text.js';
import type { Origin } from './origins.js';

/**
 * The places that `TABLE[axis: label, …].COLUMN`, `NAME[axis: label, …].METRIC` or a whole address names;
 * without a column or metric all of them. Throws a UsageError that says what there is.
 */
export function originsNamed(origins: readonly Origin[], target: string): readonly Origin[] {
  const exact = origins.filter(({ address }) => sameLabel(address, target));
  if (exact.length > 0) return exact;
  const { words, slices } = wordsAndSlices(target);
  const named = origins.filter(({ name, field }) =>
    [name, `${name}.${field}`].some((known) => sameLabel(known, words)),
  );
  if (named.length === 0) throw unknownName(origins, words);
  let kept: readonly Origin[] = named;
  for (const slice of slices) kept = sliced(kept, slice, words, named);
  if (kept.length === 0) throw new UsageError(`\`${target}\` names no number`);
  return kept;
}

/** `t.sp` and the slices of `t[on: stl10].sp`; as in a file they may stand behind the field too. */
function wordsAndSlices(target: string): {
  readonly words: string;
  readonly slices: readonly Slice[];
} {
  const slices: Slice[] = [];
  const words = target.replaceAll(/\[((?:"(?:\\.|[^"\\])*"|[^\]"])*)\]/g, (_, inside: string) => {
    slices.push(...slicesIn(inside));
    return '';
  });
  return { words: words.trim(), slices };
}

function unknownName(origins: readonly Origin[], words: string): UsageError {
  const places = origins.filter(({ kind }) => kind === 'cell' || kind === 'metric');
  const fields = [...new Set(places.map(({ name, field }) => `${name}.${field}`))];
  const names = [...new Set(places.map(({ name }) => name))];
  const near = nearest(words, words.includes('.') ? fields : names);
  const help =
    near !== undefined
      ? `did you mean \`${near}\`?`
      : names.length > 0
        ? `there are ${listing(names)}`
        : 'there are no results yet: `ssp run`';
  return new UsageError(`there is no table or result \`${words}\``, help);
}
