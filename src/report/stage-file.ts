import { readFile } from 'node:fs/promises';
import { systemCode } from '../base/errors.js';
import { own } from '../base/own.js';
import type { Blob, StageOutcome } from '../execute/record.js';

/** Where a stage's output file lies, as an absolute path. */
export type OpenFile = (blob: Blob) => string | Promise<string>;

/** What could not be shown, and why; the report lists these, so that nothing is left out in silence. */
export interface Notes {
  add(note: string): void;
}

/** Collects notes, each once, in order. */
export function newNotes(): Notes & { readonly all: () => readonly string[] } {
  const notes = new Set<string>();
  return { add: (note) => void notes.add(note), all: () => [...notes] };
}

/** The bytes of an output file; undefined where the stage wrote none of that name, or with a note where it is lost. */
export async function readStageFile(
  outcome: StageOutcome,
  name: string,
  openFile: OpenFile,
  notes: Notes,
): Promise<Buffer | undefined> {
  const blob = own(outcome.record?.output.files ?? {}, name);
  if (!blob) return undefined;
  try {
    return await readFile(await openFile(blob));
  } catch (error) {
    const why = systemCode(error) ?? (error instanceof Error ? error.message : String(error));
    notes.add(`${name} of ${outcome.planned.id} cannot be read: ${why}`);
    return undefined;
  }
}
