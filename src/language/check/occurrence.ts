import type { Span } from '../../base/source.js';
import type { AxisLabel, Extern, ExternParam } from '../program.js';
import type { Type } from '../types.js';
import type { CheckedAxis } from './context.js';
import type { DeclaredName } from './declared-names.js';

/** What a word of the text turned out to stand for, for editors. */
export type Target =
  | { readonly kind: 'name'; readonly symbol: DeclaredName }
  | { readonly kind: 'prelude'; readonly name: string }
  /** The name of an argument. */
  | { readonly kind: 'parameter'; readonly extern: Extern; readonly param: ExternParam }
  /** A label in a slice, after `is` or in a `match`. */
  | { readonly kind: 'label'; readonly axis: CheckedAxis; readonly label: AxisLabel }
  /** One of the texts of an enum, after `is` or in a `match`. */
  | { readonly kind: 'choice'; readonly text: string; readonly choices: readonly string[] }
  | { readonly kind: 'field'; readonly of: Type; readonly name: string; readonly type: Type };

/** Called for each word that checking understands; perhaps more than once for the same one. */
export type Note = (use: Span, target: Target) => void;
