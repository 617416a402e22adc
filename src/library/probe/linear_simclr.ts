import { implement } from '../implement.js';
import { linearBySgd, type SgdProtocol } from '../sgd-probe.js';

/** What is its own beside the defaults of its parameters. */
export const protocol: SgdProtocol = {
  nesterov: true,
  rateIn: 'momentum',
  scaled: true,
  start: 'zeros',
  last: 'filled',
};

/** SimCLR's linear protocol: see `std.probe.linear_simclr`. */
export const run = implement('std.probe.linear_simclr', async (context) =>
  linearBySgd(context, protocol),
);
