import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Loaded only where an interval or a test is asked for: most runs need none. */
export const jStat = (): typeof import('jstat')['jStat'] => require('jstat').jStat;
