import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';

/** What is shared: `cas`, content by its SHA-256, and `ac`, entries by the key of their stage. */
export type Part = 'cas' | 'ac';

/**
 * A place where results are shared. It is never trusted: what it gives is checked before it enters a
 * store. Whatever it is that fails (network, disk, permission) is an SspError that names the remote.
 */
export interface Remote {
  /** As it was named, for people. */
  readonly name: string;
  /** Tells this place from others. */
  readonly id: string;
  has(part: Part, name: string): Promise<boolean>;
  get(part: Part, name: string): Promise<Readable | undefined>;
  /** It appears whole or not at all, and never replaces what is there; was it put? */
  putIfAbsent(part: Part, name: string, content: Content): Promise<boolean>;
  /** The names of all that there is; undefined where the protocol has no listing. */
  list(part: Part): Promise<readonly string[] | undefined>;
  /** Called once, after the last: for what is sent at once. */
  close?(): Promise<void>;
}

/** What is to be put: a file, or a text. */
export type Content =
  | { readonly path: string; readonly size: number }
  | { readonly text: string; readonly size: number };

export const textContent = (text: string): Content => ({ text, size: Buffer.byteLength(text) });

export const streamOf = (content: Content): Readable =>
  'path' in content ? createReadStream(content.path) : Readable.from([Buffer.from(content.text)]);

/** Requests at once: they wait for the network, not for a processor. */
export const AT_ONCE = 16;

/** Does something with each item, a few at once; the first error ends it. */
export async function eachAtOnce<T>(
  items: readonly T[],
  act: (item: T) => Promise<void>,
  most = AT_ONCE,
): Promise<void> {
  const left = items.values();
  let stopped = false;
  const work = async (): Promise<void> => {
    for (const item of left) {
      if (stopped) return;
      await act(item);
    }
  };
  const workers = Array.from({ length: Math.min(most, items.length) }, () =>
    work().catch((error: unknown) => {
      stopped = true;
      throw error;
    }),
  );
  const ends = await Promise.allSettled(workers);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
