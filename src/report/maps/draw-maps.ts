import type { DisplayNames } from '../../execute/record.js';
import { type MapFigure, mapFigure } from './map-figure.js';
import type { MapGroup } from './map-files.js';
import { SPRITE_BYTES, type Sprite, spriteOf } from './sprite.js';

/** A map with what the page shows of its images. */
export interface PageMap {
  readonly figure: MapFigure;
  /** Class of its drawings in the page. */
  readonly sprite: string;
  readonly columns: number;
}

/** The maps of a report, and their drawings by class. */
export interface PageMaps {
  readonly maps: readonly PageMap[];
  readonly sprites: ReadonlyMap<string, Sprite>;
}

/** Draws maps; those of the same images, in the same order, share their drawings, and all together keep the page small. */
export async function drawMaps(
  groups: readonly MapGroup[],
  given: { readonly names: DisplayNames; readonly fileName: (text: string) => string },
): Promise<PageMaps> {
  const drawn = groups.map((group) => {
    const figure = mapFigure(group, given.names, given.fileName(`map ${group.stage}`));
    return { figure, group, id: `${group.drawings} ${figure.order.join()}` };
  });
  const ids = [...new Set(drawn.map(({ id }) => id))];
  const sprites = new Map<string, Sprite>();
  for (const [number, id] of ids.entries()) {
    const { figure, group } = drawn.find((one) => one.id === id) ?? {};
    if (!figure || !group) continue;
    const { pixels, side } = group.images;
    const size = side * side * 3;
    const ordered = Buffer.concat(
      figure.order.map((image) => pixels.subarray(image * size, (image + 1) * size)),
    );
    const share = Math.floor(SPRITE_BYTES / ids.length);
    sprites.set(`drawings-${number}`, await spriteOf(ordered, side, share));
  }
  const maps = drawn.map(({ figure, id }) => {
    const sprite = `drawings-${ids.indexOf(id)}`;
    return { figure, sprite, columns: sprites.get(sprite)?.columns ?? 1 };
  });
  return { maps, sprites };
}
