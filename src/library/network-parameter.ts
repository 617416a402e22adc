import type { Json } from '../base/canonical.js';

/** What a parameter of a network may be: as it is declared in `stdlib/backbone.ssp`. */
export interface NetworkParameter {
  readonly expected: string;
  readonly is: 'whole' | 'number' | 'bool' | 'text';
  readonly low?: number;
  readonly high?: number;
  readonly choices?: readonly string[];
  readonly default?: Json;
}
