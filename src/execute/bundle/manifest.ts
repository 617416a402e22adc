import type { Json } from '../../base/canonical.js';
import { isRelativeName } from '../../base/files/file-name.js';
import { isRecord } from '../../base/own.js';

/*
 * A bundle is a page of HTML that ends in a zip archive:
 *   bundle.json   the manifest
 *   plan.json     what `ssp plan --json` says of it
 *   source/…      the study, what it imports, its lock, files that it names
 *   ac/KEY        entries, as remotes have them
 *   cas/SHA256    content of entries, stored and not packed
 */

/** What a bundle says of itself. */
export interface Manifest {
  readonly version: 1;
  /** The study, as in `source/`. */
  readonly file: string;
  /** What was given by `--set`. */
  readonly set: Readonly<Record<string, string>>;
}

export const MANIFEST = 'bundle.json';
export const PLAN = 'plan.json';
export const SOURCE = 'source/';

/** A manifest that somebody wrote, when it has the form of one. */
export function manifestFrom(json: Json | undefined): Manifest | undefined {
  if (!isRecord(json) || json.version !== 1) return undefined;
  const { file, set } = json;
  const sound =
    typeof file === 'string' &&
    isRelativeName(file) &&
    file.endsWith('.ssp') &&
    isRecord(set) &&
    Object.values(set).every((value) => typeof value === 'string');
  return sound ? (json as unknown as Manifest) : undefined;
}
