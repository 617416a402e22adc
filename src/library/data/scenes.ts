import { join } from 'node:path';
import sharp from 'sharp';
import { SspError } from '../../base/errors.js';
import { createRng, type Rng } from '../../tensor/rng.js';
import { type BoxedImage, writeBoxes } from '../artifact/boxes.js';
import { createImages } from '../artifact/write-images.js';
import { implement } from '../implement.js';
import { readConcepts } from './emoji/concepts.js';
import { iconSets, readIconSet } from './emoji/icon-sets.js';
import { type Match, matchIcons } from './emoji/match-icons.js';
import { drawIcon } from './emoji/rasterise.js';
import { patterns } from './scenes/background.js';
import { classOfSubgroup } from './scenes/classes.js';
import { compose, type Ground, type Laid, type Scene } from './scenes/compose.js';
import { divided, type IsIn } from './scenes/divide.js';

/** Shares of the scenes. */
const shares = [
  ['train', 0.7],
  ['validation', 0.1],
  ['test', 0.2],
] as const;

/** A scene that is to be made. */
interface Planned extends Ground {
  readonly name: string;
  readonly split: string;
  readonly rng: Rng;
}

/** `std.data.scenes`: emoji drawings laid over each other on backgrounds, with boxes around them. */
export const run = implement('std.data.scenes', async (context) => {
  const { size, images: count, objects, hold_out, apart, seed } = context.params;
  const classes: readonly string[] = context.params.classes;
  requireDistinct(classes);
  const sets = iconSets.map(readIconSet);
  const concepts = readConcepts();
  const drawings = inClasses(matchIcons(sets, concepts), divided(apart, hold_out, concepts));
  const scenes = plan(count, size, seed);
  const writer = createImages(context, {
    size,
    items: scenes.map(({ name, split, pattern }) => ({
      name,
      split,
      attributes: { background: pattern },
    })),
    values: { background: patterns },
    sources: sets.map((set) => set.source),
  });
  const boxed: BoxedImage[] = [];
  let done = 0;
  // One drawing a thread: a small SVG gives several threads nothing to share.
  sharp.concurrency(1);
  const queue = scenes.entries();
  const work = async () => {
    for (const [index, scene] of queue) {
      const { width, height } = scene;
      const made = await make(scene, drawings, objects, classes);
      await writer.put(index, onSquare(made.pixels, width, size), [width, height]);
      boxed[index] = {
        width,
        height,
        place: [0, 0, width, height],
        objects: made.objects.map((object) => ({
          ...object,
          class: classes.indexOf(object.class),
        })),
      };
      done++;
      if (done % 100 === 0 || done === count) {
        context.progress({ unit: 'image', done, total: count });
      }
    }
  };
  await Promise.all(Array.from({ length: context.threads }, work));
  await writer.close();
  writeBoxes(join(context.out, 'boxes.json'), { classes, images: boxed });
  return {
    environment: {
      ...Object.fromEntries(
        sets.map(({ name, source }) => [
          `licence @iconify-json/${name}`,
          `${source.license}, version ${source.version}`,
        ]),
      ),
      sharp: sharp.versions.sharp ?? 'unknown',
      librsvg: sharp.versions.rsvg ?? 'unknown',
    },
  };
});

function requireDistinct(classes: readonly string[]): void {
  const again = classes.find((name, at) => classes.indexOf(name) !== at);
  if (classes.length === 0) {
    throw new SspError('no-classes', 'the list `classes` is empty', {
      help: 'Name at least one class, or leave `classes` away for all.',
    });
  }
  if (again !== undefined) {
    throw new SspError('same-class', `\`classes\` names ${again} twice`, {
      help: 'Name each once.',
    });
  }
}

/** Drawings by split, then by class, then by concept; the class of those that are none is the empty text. */
type Drawings = ReadonlyMap<string, ReadonlyMap<string, readonly (readonly Match[])[]>>;

function inClasses(matches: readonly Match[], isIn: IsIn): Drawings {
  return new Map(
    shares.map(([split]) => {
      const classes = new Map<string, Map<string, Match[]>>();
      for (const match of matches.filter((match) => isIn(match, split))) {
        const name = classOfSubgroup(match.concept.subgroup) ?? '';
        const concepts = classes.get(name) ?? new Map<string, Match[]>();
        classes.set(name, concepts);
        const alike = concepts.get(match.concept.slug);
        if (alike) alike.push(match);
        else concepts.set(match.concept.slug, [match]);
      }
      return [
        split,
        new Map([...classes].map(([name, concepts]) => [name, [...concepts.values()]])),
      ];
    }),
  );
}

/** The scenes of each split in turn, each with a size of its own. */
function plan(count: number, size: number, seed: number): readonly Planned[] {
  let before = 0;
  let upTo = 0;
  return shares.flatMap(([split, share]) => {
    upTo += share;
    const end = Math.round(upTo * count);
    const scenes = Array.from({ length: end - before }, (_, at) => {
      const rng = createRng(seed, 'scene', split, at);
      const sides = rng.split('size');
      const length = () => size - Math.floor(0.2 * size * sides.uniform());
      const pattern = patterns[rng.split('pattern').below(patterns.length)] ?? 'gradient';
      return { name: `${split}/${at}`, split, pattern, width: length(), height: length(), rng };
    });
    before = end;
    return scenes;
  });
}

async function make(
  { split, rng, ...ground }: Planned,
  drawings: Drawings,
  objects: { readonly low: number; readonly high: number },
  wanted: readonly string[],
): Promise<Scene> {
  const draws = rng.split('objects');
  const classes = drawings.get(split) ?? new Map<string, readonly (readonly Match[])[]>();
  const count = objects.low + draws.below(objects.high - objects.low + 1);
  // One more in two scenes is of no class.
  const names = Array.from({ length: count }, () => draws.below(wanted.length)).map(
    (number) => wanted[number] ?? '',
  );
  if (draws.uniform() < 0.5) names.splice(draws.below(count + 1), 0, '');
  const laid: Laid[] = [];
  for (const name of names) {
    const concepts = classes.get(name) ?? [];
    const concept = concepts[draws.below(concepts.length)] ?? [];
    const match = concept[draws.below(concept.length)];
    // From an eighth to five eighths of the shorter side, each doubling as likely as any other.
    const side = Math.round((Math.min(ground.width, ground.height) / 8) * 5 ** draws.uniform());
    if (match === undefined) continue;
    const cutout = { size: side, rgba: await drawIcon(match, side) };
    laid.push({ class: name === '' ? undefined : name, cutout });
  }
  return compose(rng.split('compose'), ground, laid);
}

/** An image at the top left of a white square. */
function onSquare(pixels: Uint8Array, width: number, size: number): Uint8Array {
  const square = new Uint8Array(size * size * 3).fill(255);
  for (let from = 0, row = 0; from < pixels.length; from += 3 * width, row++) {
    square.set(pixels.subarray(from, from + 3 * width), 3 * size * row);
  }
  return square;
}
