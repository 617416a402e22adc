import { SspError } from '../base/errors.js';

/**
 * Throws unless the managed runtime is known to work here: Linux on x86-64 with glibc.
 * @throws SspError `setup-unsupported-platform`.
 */
export function checkPlatform(
  name = `${process.platform} ${process.arch}`,
  glibc: string | undefined = glibcVersion(),
): void {
  const musl = name.startsWith('linux ') && glibc === undefined;
  if (name === 'linux x64' && !musl) return;
  throw new SspError(
    'setup-unsupported-platform',
    `no TensorFlow runtime is known for ${name}${musl ? ' without glibc' : ''}, only for linux x64 with glibc`,
    {
      help: 'set SSP_TENSORFLOW to a TensorFlow package for this machine that holds libtensorflow_cc.so.2 and include/ (untested), or use a linux x64 machine',
    },
  );
}

/** Version of the C library, or undefined where it is not glibc. */
export function glibcVersion(): string | undefined {
  const report: unknown = process.report.getReport();
  if (typeof report !== 'object' || report === null || !('header' in report)) return undefined;
  const { header } = report;
  if (typeof header !== 'object' || header === null || !('glibcVersionRuntime' in header)) {
    return undefined;
  }
  return typeof header.glibcVersionRuntime === 'string' ? header.glibcVersionRuntime : undefined;
}
