import sharp from 'sharp';
import { SspError } from '../base/errors.js';
import { type NpyArray, npyIn } from '../base/files/npy.js';
import type { StageOutcome } from '../execute/record.js';
import { byStage, type Point, pointText, varyingAxes } from './points.js';
import { type Notes, type OpenFile, readStageFile } from './stage-file.js';

/** Pairs as an encoder sees them: one column a pair, one row a view. */
export interface SampleGrid {
  readonly stage: string;
  /** `pairs=sp, views=crop`; empty where all points see the same. */
  readonly point: string;
  readonly pairs: number;
  readonly views: number;
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
}

const MAX_PAIRS = 10;
const MAX_GRIDS = 24;
const TILE = 72;
const GAP = 4;

/**
 * Grids from the `samples.npy` that stages wrote (uint8, (k, views, h, w, 3)). One grid for each group
 * of points that differ in more than repetition, of its first point; groups with the same samples share one.
 */
export async function sampleGrids(
  outcomes: readonly StageOutcome[],
  replicates: ReadonlySet<string>,
  openFile: OpenFile,
  notes: Notes,
): Promise<readonly SampleGrid[]> {
  const grids: SampleGrid[] = [];
  for (const [stage, all] of byStage(outcomes)) {
    const groups = groupsOf(all, replicates);
    for (const { outcome, point } of groups.slice(0, MAX_GRIDS)) {
      const bytes = await readStageFile(outcome, 'samples.npy', openFile, notes);
      if (!bytes) continue;
      const grid = await drawGrid(bytes);
      if (grid) grids.push({ stage, point, ...grid });
      else
        notes.add(`samples.npy of ${outcome.planned.id} is not uint8 of shape (k, views, h, w, 3)`);
    }
    const left = groups.length - MAX_GRIDS;
    if (left > 0) notes.add(`samples of ${left} more kinds of points of ${stage} are not shown`);
  }
  return grids;
}

interface Group {
  readonly outcome: StageOutcome;
  readonly point: string;
}

function groupsOf(
  outcomes: readonly StageOutcome[],
  replicates: ReadonlySet<string>,
): readonly Group[] {
  const firsts = new Map<string, StageOutcome>();
  for (const outcome of outcomes) {
    if (!outcome.record?.output.files['samples.npy']) continue;
    const { point } = outcome.planned;
    const kind = pointText(
      point,
      Object.keys(point).filter((axis) => !replicates.has(axis)),
    );
    if (!firsts.has(kind)) firsts.set(kind, outcome);
  }
  const shown = [...firsts.values()];
  const varying = varyingAxes(shown.map((o) => o.planned.point)).filter((a) => !replicates.has(a));
  const same = new Map<string, StageOutcome[]>();
  for (const outcome of shown) {
    const digest = outcome.record?.output.files['samples.npy']?.digest ?? '';
    same.set(digest, [...(same.get(digest) ?? []), outcome]);
  }
  return [...same.values()].flatMap((members) => {
    const [outcome] = members;
    if (!outcome) return [];
    const differing = varyingAxes(members.map((o) => o.planned.point));
    const axes = varying.filter((axis) => !differing.includes(axis));
    return [{ outcome, point: pointText(outcome.planned.point as Point, axes) }];
  });
}

/** One PNG of the first pairs, enlarged by a whole number without smoothing, on a transparent ground. */
async function drawGrid(file: Buffer): Promise<Omit<SampleGrid, 'stage' | 'point'> | undefined> {
  const array = arrayIn(file);
  const [count = 0, views = 0, h = 0, w = 0, channels = 0] = array?.shape ?? [];
  if (
    !(array?.data instanceof Uint8Array) ||
    array.shape.length !== 5 ||
    channels !== 3 ||
    count * views * h * w === 0
  ) {
    return undefined;
  }
  const pairs = Math.min(count, MAX_PAIRS);
  const zoom = Math.max(1, Math.round(TILE / Math.max(h, w)));
  const [tileWidth, tileHeight] = [w * zoom, h * zoom];
  const width = pairs * (tileWidth + GAP) - GAP;
  const height = views * (tileHeight + GAP) - GAP;
  const pixels = Buffer.alloc(width * height * 4);
  for (let pair = 0; pair < pairs; pair++) {
    for (let view = 0; view < views; view++) {
      const image = (pair * views + view) * h * w * 3;
      for (let y = 0; y < tileHeight; y++) {
        const line = (view * (tileHeight + GAP) + y) * width + pair * (tileWidth + GAP);
        for (let x = 0; x < tileWidth; x++) {
          const from = image + (Math.floor(y / zoom) * w + Math.floor(x / zoom)) * 3;
          const to = (line + x) * 4;
          pixels.set(array.data.subarray(from, from + 3), to);
          pixels[to + 3] = 255;
        }
      }
    }
  }
  const png = await sharp(pixels, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: 9, palette: false })
    .toBuffer();
  return { pairs, views, png, width, height };
}

/** The array of a file; none of what is no whole NumPy file. */
function arrayIn(file: Buffer): NpyArray | undefined {
  try {
    return npyIn(file, 'samples.npy');
  } catch (error) {
    if (!(error instanceof SspError)) throw error;
    return undefined;
  }
}
