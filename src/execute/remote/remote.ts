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
  /** Nobody puts anything there: a bundle. */
  readonly onlyRead?: true;
  /** Where something lies or would lie, for people who look for it there. */
  at(part: Part, name: string): string;
  has(part: Part, name: string): Promise<boolean>;
  get(part: Part, name: string): Promise<Readable | undefined>;
  /** It appears whole or not at all, and never replaces what is there; was it put? */
  putIfAbsent(part: Part, name: string, content: Content): Promise<boolean>;
  /** It appears whole, in the place of what is there and was found to be wrong. */
  replace(part: Part, name: string, content: Content): Promise<void>;
  /** The names of all that there is; undefined where the protocol has no listing. */
  list(part: Part): Promise<readonly string[] | undefined>;
  /** Called once, after the last: for what is sent at once. */
  close?(): Promise<void>;
}

/** What is to be put: a file, or bytes. */
export type Content =
  | { readonly path: string; readonly size: number }
  | { readonly bytes: Buffer; readonly size: number };

export const bytesContent = (bytes: Buffer): Content => ({ bytes, size: bytes.length });

/** A piece of a file, for a request that carries no more. Bytes. */
export interface Slice {
  readonly path: string;
  readonly from: number;
  readonly size: number;
}

export function streamOf(content: Content | Slice): Readable {
  if ('bytes' in content) return Readable.from([content.bytes]);
  if (!('from' in content)) return createReadStream(content.path);
  const { path, from, size } = content;
  return createReadStream(path, { start: from, end: from + size - 1 });
}

/** Content in slices of this size, the last as long as what is left. */
export function* slicesOf(content: Content, most: number): Generator<Content | Slice> {
  for (let from = 0; from < content.size; from += most) {
    const size = Math.min(most, content.size - from);
    yield 'path' in content
      ? { path: content.path, from, size }
      : bytesContent(content.bytes.subarray(from, from + size));
  }
}

/** A stream to its end; undefined where it is longer than so many bytes. */
export async function wholeOf(stream: Readable, most: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > most) {
      stream.destroy();
      return undefined;
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** An entry's text is never longer: that of a training of 100,000 epochs has 20 MiB. */
export const LONGEST_ENTRY = 64 * 2 ** 20;

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
