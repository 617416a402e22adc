import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Json } from '../../base/canonical.js';
import { systemCode } from '../../base/errors.js';

/** What is done of work that may be killed at any moment: a line of JSON for each piece. */
export interface Journal {
  /** What was noted before, in its order. */
  readonly notes: readonly Json[];
  /** Notes that a piece is done, which is on the platter: the note comes there later, and one that is lost costs its piece. */
  note(what: Json): void;
  close(): void;
}

/** Opens the journal of a piece of work, which `head` tells from others: that of another is begun anew. */
export function openJournal(path: string, head: Json): Journal {
  const [first, ...notes] = wholeLines(textAt(path));
  const isSame = first !== undefined && JSON.stringify(first) === JSON.stringify(head);
  const kept = isSame ? notes : [];
  const lines = [head, ...kept].map((line) => `${JSON.stringify(line)}\n`).join('');
  const file = openSync(path, isSame ? 'r+' : 'w');
  // Without the line that was being written when the process died.
  ftruncateSync(file, writeSync(file, lines, 0));
  fsyncSync(file);
  let end = Buffer.byteLength(lines);
  return {
    notes: kept,
    note(what) {
      end += writeSync(file, `${JSON.stringify(what)}\n`, end);
    },
    close: () => closeSync(file),
  };
}

/** The lines of JSON that a text begins with. */
function wholeLines(text: string): readonly Json[] {
  const found: Json[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    try {
      found.push(JSON.parse(line));
    } catch {
      break;
    }
  }
  return found;
}

function textAt(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return '';
    throw error;
  }
}
