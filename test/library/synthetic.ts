import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '../../src/base/canonical.js';
import { type Images, openImages } from '../../src/library/artifact/images.js';
import type { Item } from '../../src/library/artifact/items.js';
import { writePairs } from '../../src/library/artifact/pairs.js';
import { writeImages } from '../../src/library/artifact/write-images.js';
import { run as embed } from '../../src/library/probe/embed.js';
import type {
  Artifact,
  Augmentation,
  Backbone,
  EncoderArtifact,
  Progress,
  StageContext,
  Views,
} from '../../src/library/stage.js';
import { createRng } from '../../src/tensor/rng.js';

/** A fresh folder that tests may write to. */
export const freshFolder = (): string => mkdtempSync(join(tmpdir(), 'ssp-stage-'));

/** The files of a folder as an artifact. */
export function artifactOf(folder: string, type: string): Artifact {
  return {
    type,
    digest: folder,
    metrics: {},
    file: (name) => join(folder, name),
    has: (name) => existsSync(join(folder, name)),
  };
}

export const encoderOf = (folder: string, backbone: Backbone): EncoderArtifact => ({
  ...artifactOf(folder, 'Encoder'),
  backbone,
});

/** An encoder's features of images, as the probes take them. */
export async function featuresOf(encoder: EncoderArtifact, on: Artifact): Promise<Artifact> {
  const context = contextOf({ encoder, on });
  await embed(context);
  return artifactOf(context.out, 'Features');
}

/** What a stage is called with; `logged`, `remarked` and `reported` collect what it says. */
export function contextOf<Params>(
  params: Params,
  options: { resolved?: Record<string, Json>; checkpoint?: string } = {},
): StageContext<Params> & {
  readonly logged: string[];
  readonly remarked: string[];
  readonly reported: Progress[];
} {
  const logged: string[] = [];
  const remarked: string[] = [];
  const reported: Progress[] = [];
  return {
    params,
    resolved: { backbone: { describe: 'std.backbone.resnet18', args: {} }, ...options.resolved },
    module: (number) => `module ${number}`,
    out: freshFolder(),
    checkpoint: options.checkpoint ?? freshFolder(),
    threads: 2,
    progress: (progress) => reported.push(progress),
    log: (message) => logged.push(message),
    remark: (text) => remarked.push(text),
    logged,
    remarked,
    reported,
  };
}

/** Height and width of the images and of their views. */
export const size = 12;

const kinds = ['square', 'cross', 'stripes'];
const artists = ['ada', 'bea', 'cleo'];

/** Two views that crop and flip. */
export const croppedViews: Views = { views: [cropped(), cropped()] };

function cropped(): Augmentation {
  return {
    size,
    crop: { scale: { low: 0.5, high: 1 }, ratio: { low: 0.8, high: 1.25 } },
    flip: 0.5,
    rotation: 0,
    jitter: { probability: 0, brightness: 0, contrast: 0, saturation: 0, hue: 0 },
    grayscale: 0,
    blur: { probability: 0, sigma: { low: 0, high: 0 } },
    solarise: { probability: 0, threshold: 0.5 },
    normalise: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
  };
}

/**
 * Small images: `kind` is a shape, `artist` a palette, `class` one drawing by all artists. Classes
 * are divided among train, validation and test.
 */
export function syntheticImages(perKind = 8): Artifact {
  const items: Item[] = [];
  const images: Uint8Array[] = [];
  for (const kind of kinds) {
    for (let drawing = 0; drawing < perKind; drawing++) {
      const split = drawing % 4 === 3 ? 'test' : drawing % 4 === 2 ? 'validation' : 'train';
      for (const artist of artists) {
        const name = `${kind}-${drawing}`;
        items.push({ name: `${name}-${artist}`, split, attributes: { class: name, kind, artist } });
        images.push(draw(kind, drawing, artist));
      }
    }
  }
  const folder = freshFolder();
  const classes = [...new Set(items.map((item) => item.attributes.class ?? ''))];
  const values = { class: classes, kind: kinds, artist: artists };
  writeImages(folder, { size, pixels: Buffer.concat(images), items, values, sources: [] });
  return artifactOf(folder, 'Images');
}

/** What an image is, and the numbers that its pixels repeat. */
export interface Drawn {
  readonly split: string;
  readonly class: string;
  readonly artist?: string;
  readonly pixels: readonly number[];
}

/** Images of 2 px, drawn as told. */
export function imagesOf(drawn: readonly Drawn[]): Artifact {
  const size = 2;
  const items = drawn.map(({ split, class: name, artist = 'ada' }, index) => ({
    name: `${split}-${index}`,
    split,
    attributes: { class: name, artist },
  }));
  const pixels = Uint8Array.from(
    drawn.flatMap(({ pixels }) =>
      Array.from({ length: size * size * 3 }, (_, i) => pixels[i % pixels.length] ?? 0),
    ),
  );
  const valuesOf = (of: (item: Item) => string | undefined) => [
    ...new Set(items.map((item) => of(item) ?? '')),
  ];
  const values = {
    class: valuesOf((item) => item.attributes.class),
    artist: valuesOf((item) => item.attributes.artist),
  };
  const folder = freshFolder();
  writeImages(folder, { size, pixels, items, values, sources: [] });
  return artifactOf(folder, 'Images');
}

/** Each training image with another of its class. */
export function syntheticPairs(source = syntheticImages()): Artifact {
  const images = openImages(source);
  const train = images.indicesOf('train');
  const pairs = Array.from(train).flatMap((index) => {
    const other = Array.from(train).find(
      (candidate) =>
        candidate !== index &&
        images.item(candidate).attributes.class === images.item(index).attributes.class,
    );
    return [index, other ?? index];
  });
  const folder = freshFolder();
  writePairs(folder, images, Int32Array.from(pairs));
  return artifactOf(folder, 'Pairs');
}

function draw(kind: string, drawing: number, artist: string): Uint8Array {
  const rng = createRng(drawing, kind, artist);
  const tint = artists.indexOf(artist);
  const shift = drawing % 3;
  const pixels = new Uint8Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [u, v] = [x - shift, y - shift];
      const inside =
        kind === 'square'
          ? u > 2 && u < 8 && v > 2 && v < 8
          : kind === 'cross'
            ? u === v || u + v === size - 3
            : v % 3 === 0;
      for (let c = 0; c < 3; c++) {
        const value = inside ? (c === tint ? 200 : 60) : 230;
        pixels[(y * size + x) * 3 + c] = value + Math.floor(20 * rng.uniform());
      }
    }
  }
  return pixels;
}

/** The pixels of all images. */
export const pixelsOf = (images: Images): Uint8Array =>
  images.pixels(Int32Array.from(images.items.keys()));

/** Names of a folder's files, sorted. */
export const filesOf = (folder: string): string[] => readdirSync(folder).sort();
