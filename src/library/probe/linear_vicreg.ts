import { implement } from '../implement.js';
import { asInTorch, linearBySgd } from '../sgd-probe.js';

/** What is its own beside the defaults of its parameters. */
export const protocol = asInTorch;

/** The linear protocol of VICReg and Barlow Twins: see `std.probe.linear_vicreg`. */
export const run = implement('std.probe.linear_vicreg', async (context) =>
  linearBySgd(context, protocol),
);
