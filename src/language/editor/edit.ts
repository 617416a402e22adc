import type { Span } from '../../base/source.js';

/** A change of text: what stands at the span becomes `text`. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}
