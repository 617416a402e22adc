import type { Json } from '../../base/canonical.js';

/**
 * Base learning rate of an optimiser as it stands in the key, for histories and messages: its own
 * `lr`, or that of the optimiser that it is made of; 1 where there is none, so that the schedule's
 * factor shows.
 */
export function baseRate(optimizer: Json | undefined): number {
  const args = field(optimizer, 'args');
  const lr = field(args, 'lr');
  if (typeof lr === 'number') return lr;
  const inner = field(args, 'optimizer');
  return inner === undefined ? 1 : baseRate(inner);
}

function field(value: Json | undefined, name: string): Json | undefined {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? (value as { readonly [key: string]: Json })[name] : undefined; // checked above
}
