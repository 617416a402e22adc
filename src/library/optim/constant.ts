import { describe } from '../implement.js';

/** The base rate throughout; see stdlib/optim.ssp. */
export const make = describe('std.optim.constant', () => ({ scale: () => 1 }));
