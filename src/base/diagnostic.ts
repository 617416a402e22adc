import type { Span } from './source.js';

export type Severity = 'error' | 'warning';

/** A second place that explains a diagnostic. */
export interface Related {
  readonly span: Span;
  readonly message: string;
}

/** A change of text: what stands at the span becomes `text`. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** A change that mends a mistake. */
export interface Fix {
  /** What an editor offers: "Change to `rate`". */
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** The next step after a mistake, in words and, where it is clear, as changes, the best first. */
export interface Advice {
  readonly help?: string | undefined;
  readonly fixes?: readonly Fix[] | undefined;
}

/**
 * One mistake in the user's text. `code` is a key of the table in `codes.ts`. Every diagnostic says
 * what was found and what was expected; `help` is the next step (nearest name, the choices).
 */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  readonly help?: string;
  readonly related?: readonly Related[];
  /** What it has in common with others that are the same mistake elsewhere. */
  readonly cause?: string;
  /** Changes that mend it: each alone is enough. */
  readonly fixes?: readonly Fix[];
}

/** Collects diagnostics; phases go on after each. */
export type Report = (diagnostic: Diagnostic) => void;
