import type { StageContext } from '../stage.js';
import { type Choice, type Choosable, chooseItems, fewOf, trainMembers } from './choose-items.js';
import { decodeAll } from './decode/decode-all.js';
import type { DecodeOptions } from './decode/decoded.js';
import type { FilePlace } from './files/data-file.js';
import { isMoreThan, type Skipping } from './write-decoded.js';

type Trying = Pick<StageContext<unknown>, 'threads' | 'progress'>;

/**
 * The places of the images that are taken, as `chooseItems` has them. Where files may be left out (`skip`),
 * `per_class` counts those that can be read: what is drawn and cannot be is among the places too, so that it
 * is counted and told, and the next of its class takes its place. For that the files that are drawn are
 * decoded here once more, in the very way in which they will be: what can be read depends on it.
 * @throws SspError `too-few-of-class` with how many images of a class can be read.
 */
export async function chooseReadable(
  items: readonly Choosable[],
  files: readonly FilePlace[],
  { perClass, seed, skip, ...how }: Omit<Choice, 'classes'> & Skipping & DecodeOptions,
  context: Trying,
): Promise<readonly number[]> {
  const unreadable = new Set<number>();
  if (perClass === null || skip === null || skip === 0) return chooseItems(items, perClass, seed);
  const members = trainMembers(items);
  const tried = new Set<number>();
  const tryOut = async (indices: readonly number[]): Promise<void> => {
    const fresh = indices.filter((index) => !tried.has(index));
    const faults = faultsOf(
      fresh.flatMap((index) => files[index] ?? []),
      how,
      context,
    );
    for (const place of await faults) unreadable.add(fresh[place] ?? -1);
    for (const index of fresh) tried.add(index);
  };
  // Too few whatever can be read: how many can be is what is to be said.
  await tryOut(fewOf(members, perClass, unreadable).flatMap(([name]) => members.get(name) ?? []));
  for (;;) {
    const chosen = chooseItems(items, perClass, seed, unreadable);
    const all = [...chosen, ...unreadable].sort((a, b) => a - b);
    const drawn = chosen.filter((index) => items[index]?.split === 'train');
    const isDone = drawn.every((index) => tried.has(index));
    if (isDone || isMoreThan(unreadable.size, skip, all.length)) return all;
    await tryOut(drawn);
  }
}

/** The places of files that cannot be read. */
async function faultsOf(
  files: readonly FilePlace[],
  how: DecodeOptions,
  { threads, progress }: Trying,
): Promise<readonly number[]> {
  const faults: number[] = [];
  let place = 0;
  for await (const decoded of decodeAll(files, { ...how, threads })) {
    if ('fault' in decoded) faults.push(place);
    place++;
    if (place % 100 === 0) progress({ unit: 'tried file', done: place, total: files.length });
  }
  return faults;
}
