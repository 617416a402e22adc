// Started by decode-all.ts: decodes the batches that it is sent, on one thread, until it is left alone.
import sharp from 'sharp';
import { SspError, systemCode } from '../../../base/errors.js';
import { loadTensorFlow } from '../../../tensor/load.js';
import { decodeImage } from './decode-image.js';
import type { Decoded, DecodeOptions } from './decoded.js';
import { type ImageSource, readSource } from './image-source.js';

/** What it is sent; each is answered, in order. */
export interface Batch {
  readonly sources: readonly ImageSource[];
  readonly options: DecodeOptions;
}

/** Images in the order of the sources, or why this process can decode none. */
export type Answer =
  | { readonly kind: 'decoded'; readonly images: readonly Decoded[] }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
      readonly help: string | undefined;
    };

let last = Promise.resolve();
process.on('message', (batch: Batch) => {
  last = last.then(async () => {
    process.send?.(await answerTo(batch));
  });
});
process.on('disconnect', () => process.exit());

async function answerTo({ sources, options }: Batch): Promise<Answer> {
  try {
    sharp.concurrency(1);
    sharp.cache(false);
    loadTensorFlow({ threads: 1, device: 'cpu' });
    const images: Decoded[] = [];
    for (const source of sources) images.push(await decoded(source, options));
    return { kind: 'decoded', images };
  } catch (error) {
    if (!(error instanceof SspError)) throw error;
    const { code, message, help } = error;
    return { kind: 'failed', code, message, help };
  }
}

async function decoded(source: ImageSource, options: DecodeOptions): Promise<Decoded> {
  let bytes: Uint8Array;
  try {
    bytes = readSource(source);
  } catch (error) {
    return { fault: `cannot be read (${systemCode(error) ?? String(error)})` };
  }
  return decodeImage(bytes, options);
}
