import type { Accepted } from '../record.js';

/** `accepted: the default was written out (ada, 2026-01-31), after version 1 → 2`. */
export function acceptedText(accepted: readonly Accepted[] = []): string | undefined {
  if (accepted.length === 0) return undefined;
  const each = accepted.map(({ because, by, at, changes }) => {
    const after = changes.length === 0 ? '' : `, after ${changes.join(', ')}`;
    return `${because} (${by}, ${at.slice(0, 10)})${after}`;
  });
  return `accepted: ${each.join('; ')}`;
}
