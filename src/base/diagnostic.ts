import type { Span } from './source.js';

export type Severity = 'error' | 'warning';

/** A second place that explains a diagnostic. */
export interface Related {
  readonly span: Span;
  readonly message: string;
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
}

/** Collects diagnostics; phases go on after each. */
export type Report = (diagnostic: Diagnostic) => void;
