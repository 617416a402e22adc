import { invariant } from '../../../base/errors.js';
import type { Decoded, DecodeOptions } from './decoded.js';
import { Decoder } from './decoder.js';
import type { ImageSource } from './image-source.js';

/** Files that go to a process at once, and come back at once. */
const BATCH = 16;
/** Batches for each process that are read ahead of who takes the images. */
const AHEAD = 3;

/**
 * Decodes image files to squares: one answer for each source, in their order, on `threads` cores, with
 * at most `48 x threads` images in memory. A file that is no image is an answer (`fault`), no error.
 * The pixels do not depend on the number of threads.
 *
 * JPEG files are decoded by TensorFlow's libjpeg-turbo, BMP files here, others by sharp.
 * @throws SspError when the runtime is missing, or a decoding process is killed.
 */
export async function* decodeAll(
  sources: Iterable<ImageSource> | AsyncIterable<ImageSource>,
  options: DecodeOptions & { readonly threads: number },
): AsyncGenerator<Decoded, void, undefined> {
  const { threads, ...how } = options;
  invariant(Number.isInteger(threads) && threads > 0, `${threads} is not a number of threads`);
  const decoders: Decoder[] = [];
  /** The least busy process; another one while there are fewer than threads and all are busy. */
  const free = (): Decoder => {
    const idle = decoders.toSorted((a, b) => a.busy - b.busy)[0];
    if (idle && (idle.busy === 0 || decoders.length === threads)) return idle;
    const another = new Decoder();
    decoders.push(another);
    return another;
  };
  const batches = inBatches(sources);
  const ahead: Promise<readonly Decoded[]>[] = [];
  try {
    for (let more = true; more || ahead.length > 0; ) {
      while (more && ahead.length < AHEAD * threads) {
        const next = await batches.next();
        if (next.done) more = false;
        else ahead.push(free().decode({ sources: next.value, options: how }));
      }
      yield* (await ahead.shift()) ?? [];
    }
  } finally {
    for (const decoder of decoders) decoder.stop();
  }
}

async function* inBatches(
  sources: Iterable<ImageSource> | AsyncIterable<ImageSource>,
): AsyncGenerator<readonly ImageSource[], void, undefined> {
  let batch: ImageSource[] = [];
  for await (const source of sources) {
    batch.push(source);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
