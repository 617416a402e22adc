import type { Rng } from '../../../tensor/rng.js';
import type { Box } from '../../artifact/boxes.js';
import { background, type Pattern } from './background.js';

/** A drawing with transparency: RGBA (size, size, 4), colours not multiplied by alpha. */
export interface Cutout {
  readonly size: number;
  readonly rgba: Uint8Array;
}

/** What is laid into a scene: an object of a class, or of none, which only stands in the way. */
export interface Laid {
  readonly class: string | undefined;
  readonly cutout: Cutout;
}

/** An object that can be seen in a scene. */
export interface SeenObject {
  readonly class: string;
  readonly box: Box;
  readonly difficult: boolean;
  readonly truncated: boolean;
}

/** What drawings are laid on. */
export interface Ground {
  readonly pattern: Pattern;
  readonly width: number;
  readonly height: number;
}

export interface Scene {
  /** RGB (height, width, 3). */
  readonly pixels: Uint8Array;
  readonly objects: readonly SeenObject[];
}

/** The share of an object that is seen at least; where another would hide more, it is laid elsewhere, or left out. */
const leastSeen = 0.2;
/** An object of which less is seen is difficult. */
const easilySeen = 0.5;
/** Places that are tried for an object. */
const tries = 10;
/** Alpha from which on a pixel belongs to an object. */
const solid = 128;

interface Standing {
  readonly class: string | undefined;
  readonly box: Box;
  /** Pixels that it has, inside of the scene and beyond, and those that are seen. */
  readonly whole: number;
  seen: number;
  readonly truncated: boolean;
}

/**
 * Lays drawings on a background, one over the other, each mirrored or not and up to a quarter of its side
 * beyond the edge. A box is around what of its object is inside of the scene, hidden or not.
 */
export function compose(
  rng: Rng,
  { pattern, width, height }: Ground,
  laid: readonly Laid[],
): Scene {
  const pixels = background(rng.split('background'), pattern, width, height);
  const owner = new Int16Array(width * height).fill(-1);
  const standing: Standing[] = [];
  for (const [at, { class: name, cutout }] of laid.entries()) {
    const places = rng.split('place', at);
    const mirrored = places.uniform() < 0.5;
    for (let attempt = 0; attempt < tries; attempt++) {
      const { size } = cutout;
      const left = Math.round(-size / 4 + places.uniform() * (width - size / 2));
      const top = Math.round(-size / 4 + places.uniform() * (height - size / 2));
      const laying = { cutout, left, top, mirrored, width, height };
      const object = measure(laying, name);
      if (object === undefined) break;
      if (object.seen < leastSeen * object.whole) continue;
      if (hides(laying, owner, standing)) continue;
      draw(laying, pixels, owner, standing);
      standing.push(object);
      break;
    }
  }
  const objects = standing.flatMap(({ class: name, box, whole, seen, truncated }) =>
    name === undefined
      ? []
      : [{ class: name, box, difficult: seen < easilySeen * whole, truncated }],
  );
  return { pixels, objects };
}

interface Laying {
  readonly cutout: Cutout;
  readonly left: number;
  readonly top: number;
  readonly mirrored: boolean;
  /** Of the scene. */
  readonly width: number;
  readonly height: number;
}

/** Goes through the pixels of a drawing that are inside of the scene: where each is in the drawing, and in the scene. */
function* inside({
  cutout,
  left,
  top,
  mirrored,
  width,
  height,
}: Laying): Generator<[number, number]> {
  const { size } = cutout;
  for (let v = Math.max(0, -top); v < Math.min(size, height - top); v++) {
    for (let u = Math.max(0, -left); u < Math.min(size, width - left); u++) {
      const from = 4 * (size * v + (mirrored ? size - 1 - u : u));
      yield [from, width * (top + v) + left + u];
    }
  }
}

/** What an object would be, if nothing hid it; undefined for a drawing without a pixel. */
function measure(laying: Laying, name: string | undefined): Standing | undefined {
  const { rgba } = laying.cutout;
  const { width } = laying;
  let whole = 0;
  for (let at = 3; at < rgba.length; at += 4) if ((rgba[at] ?? 0) >= solid) whole++;
  if (whole === 0) return undefined;
  let [seen, left, top, right, bottom] = [
    0,
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    0,
    0,
  ];
  for (const [from, to] of inside(laying)) {
    if ((rgba[from + 3] ?? 0) < solid) continue;
    const [x, y] = [to % width, Math.floor(to / width)];
    seen++;
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + 1);
    bottom = Math.max(bottom, y + 1);
  }
  return { class: name, box: [left, top, right, bottom], whole, seen, truncated: seen < whole };
}

/** Whether laying it here would hide too much of what stands already. */
function hides(laying: Laying, owner: Int16Array, standing: readonly Standing[]): boolean {
  const lost = new Map<number, number>();
  for (const [from, to] of inside(laying)) {
    const before = owner[to] ?? -1;
    if (before < 0 || (laying.cutout.rgba[from + 3] ?? 0) < solid) continue;
    lost.set(before, (lost.get(before) ?? 0) + 1);
  }
  return [...lost].some(([at, count]) => {
    const other = standing[at];
    return other !== undefined && other.seen - count < leastSeen * other.whole;
  });
}

function draw(
  laying: Laying,
  pixels: Uint8Array,
  owner: Int16Array,
  standing: readonly Standing[],
): void {
  const { rgba } = laying.cutout;
  for (const [from, to] of inside(laying)) {
    const alpha = rgba[from + 3] ?? 0;
    for (let channel = 0; channel < 3; channel++) {
      const [over = 0, under = 0] = [rgba[from + channel], pixels[3 * to + channel]];
      pixels[3 * to + channel] = Math.round((over * alpha + under * (255 - alpha)) / 255);
    }
    if (alpha < solid) continue;
    const before = standing[owner[to] ?? -1];
    if (before !== undefined) before.seen--;
    owner[to] = standing.length;
  }
}
