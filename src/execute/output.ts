import { digestOf } from '../base/canonical.js';
import type { Metrics } from '../plan/metrics.js';
import type { Blob, Output } from './record.js';

/** What an output is made of beside its metrics. */
export type Content = Required<Pick<Output, 'files' | 'folders' | 'executable'>>;

/**
 * An output with its digest: that of type, file names, file digests and metrics, and of empty folders
 * and programs where there are any.
 */
export function outputOf(
  type: string,
  files: Readonly<Record<string, Blob>>,
  metrics: Metrics,
  { folders = [], executable = [] }: Partial<Pick<Content, 'folders' | 'executable'>> = {},
): Output {
  const names = Object.keys(files).sort();
  const sorted = Object.fromEntries(names.map((name) => [name, files[name] as Blob]));
  const digests = Object.fromEntries(names.map((name) => [name, sorted[name]?.digest ?? '']));
  const more = {
    ...(folders.length > 0 ? { folders: [...folders].sort() } : {}),
    ...(executable.length > 0 ? { executable: [...executable].sort() } : {}),
  };
  const digest = digestOf('ssp-output/1', { type, files: digests, metrics, ...more });
  return { type, digest, files: sorted, metrics, ...more };
}
