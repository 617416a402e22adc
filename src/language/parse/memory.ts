import type { SourceFile } from '../../base/source.js';
import type { Declaration } from '../ast.js';
import type { DocComments } from '../lex/doc-comments.js';
import { type Lexed, lex } from '../lex/lex.js';
import { type LexedText, relex } from '../lex/relex.js';

/**
 * Declarations without mistakes by their text, so that an editor reads only those that changed. The
 * text begins behind the declaration before it, since the comments there may document it. A tree is
 * given once: the next reading of the file takes it over, with its places as they are then.
 */
export interface Memory {
  /** The tokens of the file's new text. */
  lex(text: string): Lexed;
  /** What was read of a text; given away once. */
  claim(text: string): Kept | undefined;
  keep(text: string, kept: Kept): void;
  /** Forgets what was not claimed since it was called last. */
  turn(): void;
}

/** A declaration that was read. */
export interface Kept {
  readonly declaration: Declaration;
  /** Where its text began then. */
  readonly start: number;
  /** The comments that it took. */
  readonly taken: readonly Taken[];
  /** The places in it, once they were looked for. */
  readonly places?: readonly MovableSpan[];
}

interface Taken {
  readonly offset: number;
  readonly behind: boolean;
}

export function memory(): Memory {
  let old = new Map<string, Kept[]>();
  let now = new Map<string, Kept[]>();
  let last: LexedText | undefined;
  return {
    lex(text) {
      const lexed = last ? relex(last, text) : lex(text);
      last = { text, lexed };
      return lexed;
    },
    claim: (text) => old.get(text)?.pop(),
    keep(text, kept) {
      const same = now.get(text);
      if (same) same.push(kept);
      else now.set(text, [kept]);
    },
    turn() {
      old = now;
      now = new Map();
    },
  };
}

/** What was read of a text that now begins at `start` of `file`. */
export function recalled(kept: Kept, file: SourceFile, start: number, docs: DocComments): Kept {
  const by = start - kept.start;
  const taken = kept.taken.map(({ offset, behind }) => ({ offset: offset + by, behind }));
  for (const { offset, behind } of taken) docs.take(offset, behind);
  // in place: a copy of every tree at every keystroke is what somebody who types would wait for
  const places = kept.places ?? [...placesIn(kept.declaration, new Set())];
  for (const place of places) {
    place.file = file;
    place.start += by;
    place.end += by;
  }
  return { declaration: kept.declaration, start, taken, places };
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

/** The parts of a span that moving it changes. */
interface MovableSpan {
  file: SourceFile;
  start: number;
  end: number;
}

/** The places in a tree, each once: they lie in one file before and after. */
function placesIn(value: object, found: Set<MovableSpan>): Set<MovableSpan> {
  if (isSpan(value)) return found.add(value);
  for (const part of Object.values(value)) {
    if (part !== null && typeof part === 'object') placesIn(part, found);
  }
  return found;
}

function isSpan(value: object): value is MovableSpan {
  return 'file' in value && 'start' in value;
}
