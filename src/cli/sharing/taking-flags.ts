import type { Option, OptionsOf } from '../command.js';

/** The options of what takes results from others. */
export const takingFlags = [
  {
    flags: '--require-signed <file>',
    about: 'take nothing but what is signed by a key of this file: lines of NAME ed25519:KEY',
  },
  { flags: '--verify <part>', about: 'make a random part of what came again, as in 5%' },
  { flags: '--verify-seed <n>', about: 'draw that part by this seed (default: a random one)' },
] as const satisfies readonly Option[];

export type TakingFlags = OptionsOf<typeof takingFlags>;
