import { implement } from '../implement.js';
import { asInTorch, linearBySgd } from '../sgd-probe.js';

/** What is its own beside the defaults of its parameters. */
export const protocol = { ...asInTorch, scaled: true };

/** DINO's linear protocol: see `std.probe.linear_dino`. */
export const run = implement('std.probe.linear_dino', async (context) =>
  linearBySgd(context, protocol),
);
