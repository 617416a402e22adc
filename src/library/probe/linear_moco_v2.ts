import { implement } from '../implement.js';
import { asInTorch, linearBySgd } from '../sgd-probe.js';

/** What is its own beside the defaults of its parameters. */
export const protocol = asInTorch;

/** MoCo's linear protocol: see `std.probe.linear_moco_v2`. */
export const run = implement('std.probe.linear_moco_v2', async (context) =>
  linearBySgd(context, protocol),
);
