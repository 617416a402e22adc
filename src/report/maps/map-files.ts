import { readJson } from '../../base/read-json.js';
import type { StageOutcome } from '../../execute/record.js';
import { arrayIn } from '../pairs/draw-grid.js';
import { kindsOf } from '../pairs/samples.js';
import { byStage, type Point } from '../points.js';
import { type Notes, type OpenFile, readStageFile } from '../stage-file.js';

/** A map that a stage made of its images. */
export interface EmbeddingMap {
  readonly outcome: StageOutcome;
  /** What tells it from the others. */
  readonly point: Point;
  /** Places (n, 2). */
  readonly places: Float32Array;
}

/** Images of a map. */
export interface MapImages {
  /** The attribute that colours are by. */
  readonly attribute: string;
  readonly values: readonly string[];
  /** The place of each image's label among the values (n). */
  readonly labels: readonly number[];
  readonly names: readonly string[];
  /** Drawings, uint8 (n, side, side, 3). */
  readonly pixels: Uint8Array;
  readonly side: number;
}

/** Maps of the same images by one stage, to be shown beside each other. */
export interface MapGroup {
  readonly stage: string;
  readonly images: MapImages;
  /** Groups of the same digest show the same drawings. */
  readonly drawings: string;
  readonly maps: readonly EmbeddingMap[];
}

/** Maps of one stage that are shown. */
const MAX_MAPS = 12;

/**
 * The maps that stages wrote: `map.npy`, float32 (n, 2), `map.json` and `thumbnails.npy`, uint8 (n, h, w, 3). One map for
 * each group of points that differ in more than repetition, of its first point.
 */
export async function readMaps(
  outcomes: readonly StageOutcome[],
  replicates: ReadonlySet<string>,
  openFile: OpenFile,
  notes: Notes,
): Promise<readonly MapGroup[]> {
  const groups: MapGroup[] = [];
  for (const [stage, all] of byStage(outcomes)) {
    const kinds = kindsOf(all, 'map.npy', replicates);
    const found = new Map<string, { images: MapImages; drawings: string; maps: EmbeddingMap[] }>();
    for (const { outcome, point } of kinds.slice(0, MAX_MAPS)) {
      const read = async (name: string) => readStageFile(outcome, name, openFile, notes);
      const files = outcome.record?.output.files ?? {};
      const drawings = files['thumbnails.npy']?.digest ?? '';
      const id = `${files['map.json']?.digest} ${drawings}`;
      const images = found.get(id)?.images ?? (await readImages(read));
      const places = placesIn(await read('map.npy'));
      if (!images || places?.length !== 2 * images.names.length) {
        notes.add(`the map of ${outcome.planned.id} is not one of its images`);
        continue;
      }
      const group = found.get(id) ?? { images, drawings, maps: [] };
      group.maps.push({ outcome, point, places });
      found.set(id, group);
    }
    groups.push(...[...found.values()].map((group) => ({ stage, ...group })));
    const left = kinds.length - MAX_MAPS;
    if (left > 0) notes.add(`maps of ${left} more kinds of points of ${stage} are not shown`);
  }
  return groups;
}

async function readImages(
  read: (name: string) => Promise<Buffer | undefined>,
): Promise<MapImages | undefined> {
  const described = await read('map.json');
  const thumbnails = await read('thumbnails.npy');
  const drawn = thumbnails && arrayIn(thumbnails, 'thumbnails.npy');
  const about = described && imagesIn(described);
  const [n, side, width, channels] = drawn?.shape ?? [];
  if (!about || !(drawn?.data instanceof Uint8Array) || side === undefined) return undefined;
  if (n !== about.names.length || side !== width || channels !== 3) return undefined;
  return { ...about, pixels: drawn.data, side };
}

function placesIn(bytes: Buffer | undefined): Float32Array | undefined {
  const array = bytes && arrayIn(bytes, 'map.npy');
  return array?.data instanceof Float32Array && array.shape[1] === 2 ? array.data : undefined;
}

/** What `map.json` says; undefined where it is something else. */
function imagesIn(
  bytes: Buffer,
): Pick<MapImages, 'attribute' | 'values' | 'labels' | 'names'> | undefined {
  const read = readJson(bytes, { repeated: true });
  if ('fault' in read || typeof read.value !== 'object' || read.value === null) return undefined;
  const { label, values, images } = read.value as Readonly<Record<string, unknown>>;
  if (typeof label !== 'string' || !Array.isArray(values) || !Array.isArray(images)) {
    return undefined;
  }
  const items = images.flatMap((item: unknown) => {
    const [name, number]: readonly unknown[] = Array.isArray(item) ? item : [];
    return typeof name === 'string' && typeof number === 'number' ? [{ name, number }] : [];
  });
  if (items.length !== images.length) return undefined;
  return {
    attribute: label,
    values: values.map(String),
    labels: items.map(({ number }) => number),
    names: items.map(({ name }) => name),
  };
}
