import { implement } from '../implement.js';
import { drawEmoji } from './emoji/draw-emoji.js';
import { rasterise } from './emoji/rasterise.js';

/** `std.data.emoji`: concepts drawn by several artists, from npm packages. */
export const run = implement('std.data.emoji', (context) => drawEmoji(context, rasterise));
