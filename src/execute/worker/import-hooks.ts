import { fileURLToPath } from 'node:url';
import type { MessagePort } from 'node:worker_threads';
import { seenAt } from './seen-files.js';

/** What Node made of an import: `url` is where it leads; none where there is nothing. */
export interface Resolution {
  readonly specifier: string;
  readonly parent: string | undefined;
  readonly url: string | undefined;
  /** What lay there before Node read it. */
  readonly state: string | undefined;
}

let port: MessagePort | undefined;

/** Called by Node in the thread of its module loader. */
export function initialize(data: { readonly port: MessagePort }): void {
  port = data.port;
}

interface Resolved {
  readonly url: string;
}

/** Tells the main thread what every `import` leads to, before Node goes on with it. */
export async function resolve(
  specifier: string,
  context: { readonly parentURL?: string },
  next: (specifier: string, context: object) => Promise<Resolved>,
): Promise<Resolved> {
  const tell = (url: string | undefined) =>
    port?.postMessage({
      specifier,
      parent: context.parentURL,
      url,
      state: url?.startsWith('file:') ? seenAt('/', fileURLToPath(url)) : undefined,
    } satisfies Resolution);
  try {
    const found = await next(specifier, context);
    tell(found.url);
    return found;
  } catch (error) {
    tell(undefined);
    throw error;
  }
}
