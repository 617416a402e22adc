import type { Json } from '../../base/canonical.js';

/**
 * Base learning rate of an optimiser as it stands in the key, for histories and messages; 1 where
 * a description has none, so that the schedule's factor shows.
 */
export function baseRate(optimizer: Json | undefined): number {
  const lr = field(field(optimizer, 'args'), 'lr');
  return typeof lr === 'number' ? lr : 1;
}

function field(value: Json | undefined, name: string): Json | undefined {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? (value as { readonly [key: string]: Json })[name] : undefined; // checked above
}
