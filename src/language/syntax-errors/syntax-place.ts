import type { Span } from '../../base/source.js';
import type { IToken } from '../lex/chevrotain.js';
import type { Chunk } from '../lex/split.js';

/** A token that the grammar does not allow, and what is known about its place. */
export interface Place {
  readonly chunk: Chunk;
  readonly token: IToken;
  /** Nothing stands here: the declaration ends. */
  readonly atEnd: boolean;
  readonly before: IToken | undefined;
  /** The innermost bracket that is open. */
  readonly open: IToken | undefined;
  readonly rule: string;
  readonly expected: string;
  readonly span: Span;
}
