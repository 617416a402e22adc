import { SspError } from '../../base/errors.js';
import { describeSite } from './call-site.js';

/** A step that cannot become a graph: which op, where it was called, why, and what to do. */
export function cannotCompile(
  message: string,
  options: { readonly help: string; readonly site?: Error | undefined; readonly cause?: unknown },
): SspError {
  const { help, site, cause } = options;
  return new SspError('cannot-compile', `${message}${describeSite(site)}`, {
    help,
    ...(cause !== undefined && { cause }),
  });
}
