import { SspError } from '../../base/errors.js';
import { originsNamed } from '../../execute/trace/find-origins.js';
import type { Origin, Quantity } from '../../execute/trace/origins.js';
import { type PrintedPart, printedPart, readsAs } from '../../report/numbers/printed.js';

/** A number that `ssp trace` was asked for: where it stands, and where else the same number does. */
export interface Match {
  readonly origin: Origin;
  /** Those of its numbers that were meant. */
  readonly numbers: readonly Quantity[];
  /** Addresses of places that have the same value from the same results. */
  readonly also: readonly string[];
}

/** What a target means among the numbers of a report. Throws an SspError where it means none. */
export function matchesOf(origins: readonly Origin[], target: string): readonly Match[] {
  if (!/^\s*[+\-−.∞\d]/.test(target)) {
    return originsNamed(origins, target).map((origin) => ({
      origin,
      numbers: origin.numbers,
      also: [],
    }));
  }
  const read = origins.flatMap((origin) =>
    origin.numbers.flatMap((number) => {
      const { shown, value } = number;
      const as = readsAs(target, value, printedNumber(number), shown.unit);
      return as === undefined ? [] : [{ origin, number, as }];
    }),
  );
  const printed = read.filter(({ as }) => as === 'printed');
  const meant = printed.length > 0 ? printed : read;
  if (meant.length === 0) throw noSuchNumber(origins, target);
  return together(meant);
}

/** A number as the report prints it. */
export function printedNumber({ shown, part }: Quantity): string {
  return printedPart(shown, partOf(part));
}

const parts: readonly string[] = ['spread', 'low', 'high', 'published'];

const isPart = (part: string): part is Exclude<PrintedPart, undefined> => parts.includes(part);

const partOf = (part: Quantity['part']): PrintedPart => (isPart(part) ? part : undefined);

/** The same number of the same results is one match, wherever it stands. */
function together(
  found: readonly { readonly origin: Origin; readonly number: Quantity }[],
): readonly Match[] {
  const groups = new Map<string, { origin: Origin; numbers: Quantity[]; also: string[] }>();
  for (const { origin, number } of found) {
    const reads = new Set(origin.values.flatMap((value) => value.reads));
    const key = JSON.stringify([number.value, ...[...reads].sort()]);
    const group = groups.get(key);
    if (!group) groups.set(key, { origin, numbers: [number], also: [] });
    else if (group.origin !== origin) group.also.push(origin.address);
  }
  return [...groups.values()];
}

function noSuchNumber(origins: readonly Origin[], target: string): SspError {
  const sought = Number.parseFloat(target.replace('−', '-'));
  const near = origins
    .flatMap((origin) => origin.numbers.map((number) => ({ origin, number })))
    .map((one) => ({
      ...one,
      far: Math.abs(Number.parseFloat(printedNumber(one.number)) - sought),
    }))
    .filter(({ far }) => Number.isFinite(far))
    .sort((a, b) => a.far - b.far)[0];
  const help = near
    ? `the nearest is ${printedNumber(near.number)}, ${near.number.part} of \`${near.origin.address}\``
    : 'there are no results yet: `ssp run`';
  return new SspError('no-such-number', `no number of the report reads ${target.trim()}`, { help });
}
