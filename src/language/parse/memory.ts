import type { SourceFile, Span } from '../../base/source.js';
import type { Declaration } from '../ast.js';
import type { DocComments } from './doc-comments.js';

/**
 * Declarations without mistakes by their text, so that an editor reads only those that changed. The
 * text begins behind the declaration before it, since the comments there may document it.
 */
export interface Memory {
  has(text: string): boolean;
  /** The declaration again, for the same text that now begins at `start` of `file`. */
  recall(text: string, file: SourceFile, start: number, docs: DocComments): Declaration | undefined;
  keep(text: string, kept: Kept): void;
  /** Forgets what was not used since it was called last. */
  turn(): void;
}

/** A declaration that was read. */
export interface Kept {
  readonly declaration: Declaration;
  /** Where its text began then. */
  readonly start: number;
  /** The comments that it took. */
  readonly taken: readonly Taken[];
}

interface Taken {
  readonly offset: number;
  readonly behind: boolean;
}

export function memory(): Memory {
  let old = new Map<string, Kept>();
  let now = new Map<string, Kept>();
  return {
    has: (text) => now.has(text) || old.has(text),
    recall(text, file, start, docs) {
      const kept = now.get(text) ?? old.get(text);
      if (!kept) return undefined;
      const by = start - kept.start;
      const taken = kept.taken.map(({ offset, behind }) => ({ offset: offset + by, behind }));
      for (const { offset, behind } of taken) docs.take(offset, behind);
      const declaration = moved(kept.declaration, by, file);
      // what is kept points into the newest text alone, so that older ones can go
      now.set(text, { declaration, start, taken });
      return declaration;
    },
    keep: (text, kept) => now.set(text, kept),
    turn() {
      old = now;
      now = new Map();
    },
  };
}

/** Comments that remember what was taken. */
export function recording(docs: DocComments): { docs: DocComments; taken: readonly Taken[] } {
  const taken: Taken[] = [];
  return {
    taken,
    docs: {
      ...docs,
      take(offset, behind = false) {
        taken.push({ offset, behind });
        return docs.take(offset, behind);
      },
    },
  };
}

/** The same tree in another text, further on by some characters. */
function moved<T>(value: T, by: number, file: SourceFile): T {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => moved(item, by, file)) as T; // item by item
  if (isSpan(value)) return { file, start: value.start + by, end: value.end + by } as T; // a span
  const copy: Record<string, unknown> = {};
  for (const key in value) copy[key] = moved(value[key], by, file);
  return copy as T; // key by key
}

function isSpan(value: object): value is Span {
  return 'file' in value && 'start' in value;
}
