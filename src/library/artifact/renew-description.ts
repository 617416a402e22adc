import { existsSync, readFileSync } from 'node:fs';
import { readJson } from '../../base/read-json.js';
import { writeFileWhole } from '../../base/write-file.js';
import { badEncoder, isOldForm, parseDescription } from './encoder-description.js';

/**
 * Writes a copy of an `encoder.json` anew, if it is in the form from before version 1: code of the user's own finds
 * one form, whenever the encoder was stored.
 */
export function renewDescription(path: string | undefined): void {
  if (path === undefined || !existsSync(path)) return;
  const bytes = readFileSync(path);
  const read = readJson(bytes);
  if (!('value' in read) || !isOldForm(read.value)) return;
  const description = parseDescription(bytes, badEncoder('encoder.json'));
  writeFileWhole(path, [Buffer.from(`${JSON.stringify(description, null, 2)}\n`)]);
}
