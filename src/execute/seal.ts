import { createHash } from 'node:crypto';
import type { Json } from '../base/canonical.js';

const sum = (text: string): string => createHash('sha256').update(text).digest('hex');

/** `,"sum":"<64 hex digits>"}` and a line break. */
const TAIL = 8 + 64 + 2 + 1;

/** JSON of a record whose last member is the SHA-256 of what stands before it. */
export function seal(record: object): string {
  const body = JSON.stringify(record).slice(0, -1);
  return `${body},"sum":"${sum(body)}"}\n`;
}

/** What stands in a sealed text; undefined when a byte of it is not what was written. */
export function unseal(text: string): Json | undefined {
  const body = text.slice(0, -TAIL);
  if (text.slice(-TAIL) !== `,"sum":"${sum(body)}"}\n`) return undefined;
  try {
    return JSON.parse(`${body}}`);
  } catch {
    return undefined; // a right sum of what is no JSON: not written by `seal`
  }
}
