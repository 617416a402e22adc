import sharp from 'sharp';
import type { Item } from '../../artifact/items.js';
import { createImages } from '../../artifact/write-images.js';
import type { Signatures } from '../../signatures.gen.js';
import type { StageContext, StageResult } from '../../stage.js';
import { assignSplits } from './assign-splits.js';
import { groups, readConcepts } from './concepts.js';
import { iconSets, readIconSet } from './icon-sets.js';
import { type Match, matchIcons } from './match-icons.js';
import { nearDuplicates } from './near-duplicates.js';

/** Pixels (size, size, 3) of a drawing. */
type Draw = (match: Match, size: number) => Promise<Uint8Array>;

/** Concepts by several artists, from npm packages, each drawn by `draw`. */
export async function drawEmoji(
  context: StageContext<Signatures['stages']['std.data.emoji']>,
  draw: Draw,
): Promise<StageResult> {
  const { size, hold_out } = context.params;
  const sets = iconSets.map(readIconSet);
  const concepts = readConcepts();
  const matches = inConceptOrder(matchIcons(sets, concepts));
  const splits = assignSplits(concepts, nearDuplicates);
  const items = matches.map(({ set, concept }): Item => {
    const split = splits.get(concept.slug) ?? '';
    return {
      name: `${concept.slug}/${set.name}`,
      split: split === 'train' && set.artist === hold_out ? 'held' : split,
      attributes: { class: concept.slug, group: concept.group, artist: set.artist },
    };
  });
  const writer = createImages(context, {
    size,
    items,
    values: {
      class: concepts.map((concept) => concept.slug),
      group: groups,
      artist: [...new Set(iconSets.map((set) => set.artist))],
    },
    sources: sets.map((set) => set.source),
  });
  let done = matches.length - writer.todo.length;
  const how = { size, threads: context.threads, draw };
  await drawAll(matches, writer.todo, how, async (index, pixels) => {
    await writer.put(index, pixels);
    done++;
    if (done % 100 !== 0 && done !== matches.length) return;
    context.progress({ unit: 'image', done, total: matches.length });
  });
  await writer.close();
  context.log(`${items.length} drawings of ${concepts.length} concepts at ${size} px`);
  const environment = sets.map(({ name, source }) => [
    `licence @iconify-json/${name}`,
    `${source.license}, version ${source.version}`,
  ]);
  return {
    environment: {
      ...Object.fromEntries(environment),
      sharp: sharp.versions.sharp ?? 'unknown',
      librsvg: sharp.versions.rsvg ?? 'unknown',
    },
  };
}

/** Concept by concept, and within one in the order of the sets. */
function inConceptOrder(matches: readonly Match[]): readonly Match[] {
  const byConcept = new Map<string, Match[]>();
  for (const match of matches) {
    const drawings = byConcept.get(match.concept.slug) ?? [];
    drawings.push(match);
    byConcept.set(match.concept.slug, drawings);
  }
  return [...byConcept.values()].flat();
}

async function drawAll(
  matches: readonly Match[],
  todo: Int32Array,
  { size, threads, draw }: { readonly size: number; readonly threads: number; readonly draw: Draw },
  drawn: (index: number, pixels: Uint8Array) => Promise<void>,
): Promise<void> {
  // One drawing a thread: a small SVG gives several threads nothing to share.
  sharp.concurrency(1);
  const queue = todo.values();
  const work = async () => {
    for (const index of queue) {
      const match = matches[index];
      if (match) await drawn(index, await draw(match, size));
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
}
