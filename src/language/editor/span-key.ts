import type { Span } from '../../base/source.js';

/** A place as a text: the same for the same place of a file that was read twice. */
export function spanKey(span: Span): string {
  return `${span.file.path}:${span.start}-${span.end}`;
}
