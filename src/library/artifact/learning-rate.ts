import type { Json } from '../../base/canonical.js';
import { fieldsOf } from '../../base/fields.js';
import { own } from '../../base/own.js';

/**
 * Base learning rate of an optimiser as it stands in the key, for histories and messages: its own
 * `lr`, or that of the optimiser that it is made of; 1 where there is none, so that the schedule's
 * factor shows.
 */
export function baseRate(optimizer: Json | undefined): number {
  const args = own(fieldsOf(optimizer), 'args');
  const lr = own(fieldsOf(args), 'lr');
  if (typeof lr === 'number') return lr;
  const inner = own(fieldsOf(args), 'optimizer');
  return inner === undefined ? 1 : baseRate(inner);
}
