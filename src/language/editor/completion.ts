import type { Edit } from '../../base/diagnostic.js';

export type CompletionKind =
  | 'keyword'
  | 'stage'
  | 'value'
  | 'function'
  | 'variable'
  | 'param'
  | 'axis'
  | 'parameter'
  | 'label'
  | 'choice'
  | 'field'
  | 'unit'
  | 'module'
  | 'file'
  | 'type'
  | 'annotation';

/** Something that can be written at the cursor. */
export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** Its type or where it comes from. */
  readonly detail?: string | undefined;
  /** Markdown. */
  readonly doc?: string | undefined;
  /** What is written, if not the label. */
  readonly insert?: string | undefined;
  /** The smaller, the nearer to the top. */
  readonly rank: number;
  /** An import that has to be added. */
  readonly edits?: readonly Edit[] | undefined;
}

/** What can be written, and what it replaces. */
export interface Completions {
  readonly start: number;
  readonly end: number;
  readonly items: readonly Completion[];
}
