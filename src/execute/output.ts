import { digestOf } from '../base/canonical.js';
import type { Metrics } from '../plan/metrics.js';
import type { Blob, Output } from './record.js';

/** An output with its digest: that of type, file names, file digests and metrics. */
export function outputOf(
  type: string,
  files: Readonly<Record<string, Blob>>,
  metrics: Metrics,
): Output {
  const names = Object.keys(files).sort();
  const sorted = Object.fromEntries(names.map((name) => [name, files[name] as Blob]));
  const digests = Object.fromEntries(names.map((name) => [name, sorted[name]?.digest ?? '']));
  const digest = digestOf('ssp-output/1', { type, files: digests, metrics });
  return { type, digest, files: sorted, metrics };
}
