import { make as pixels } from '../../../src/library/backbone/pixels.js';
import type { Artifact } from '../../../src/library/stage.js';
import { run as randomInit } from '../../../src/library/train/random_init.js';
import { contextOf, encoderOf, featuresOf, size, syntheticImages } from '../synthetic.js';

/** What a probe is given instead: `on` other images than the synthetic ones, and its own parameters. */
interface Changes {
  readonly on?: Artifact;
  readonly [name: string]: unknown;
}

/** Parameters of probes of the pixels themselves: `defaults` are those of the probe. TensorFlow must be loaded. */
export function pixelProbe<Defaults extends object>(defaults: Defaults) {
  const images = syntheticImages();
  const backbone = pixels({ size });
  const trained = async () => {
    const context = contextOf({ backbone, seed: 0 });
    await randomInit(context);
    return encoderOf(context.out, backbone);
  };
  let encoder: ReturnType<typeof trained> | undefined;
  return async ({ on = images, ...changes }: Changes = {}) => {
    encoder ??= trained();
    return { encoder: await featuresOf(await encoder, on), on, ...defaults, ...changes };
  };
}
