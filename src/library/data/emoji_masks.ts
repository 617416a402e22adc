import { implement } from '../implement.js';
import { drawEmoji } from './emoji/draw-emoji.js';
import { rasteriseMask } from './emoji/rasterise.js';

/** `std.data.emoji_masks`: the outlines of the drawings of `std.data.emoji`. */
export const run = implement('std.data.emoji_masks', (context) =>
  drawEmoji(context, rasteriseMask),
);
