const library = new URL('./index.js', import.meta.url).href;

interface Resolved {
  readonly url: string;
  readonly shortCircuit?: boolean;
}

/**
 * Called by Node in the thread of its module loader: `ssp/library` is the running program's own, whatever is
 * installed beside the module, as tensors are of one library.
 */
export async function resolve(
  specifier: string,
  context: object,
  next: (specifier: string, context: object) => Promise<Resolved>,
): Promise<Resolved> {
  if (specifier === 'ssp/library') return { url: library, shortCircuit: true };
  return next(specifier, context);
}
