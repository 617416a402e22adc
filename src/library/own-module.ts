import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { SspError } from '../base/errors.js';

/**
 * A function that a module of the user's own exports.
 * @throws SspError `module-failed` when the module cannot be loaded or has no function of that name.
 */
export async function exportOf<F>(
  path: string,
  { name, help }: { readonly name: string; readonly help: string },
): Promise<F> {
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await import(pathToFileURL(path).href);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SspError('module-failed', `${path} cannot be loaded: ${message}`, { cause });
  }
  const found = module[name];
  if (typeof found === 'function') return found as F; // what it returns is looked at
  throw new SspError('module-failed', `${path} exports no function \`${name}\``, { help });
}

let resolves = false;

/** From now on modules that are imported find `ssp/library`. */
export function resolveLibrary(): void {
  if (!resolves) register(new URL('./resolve-library.js', import.meta.url));
  resolves = true;
}
