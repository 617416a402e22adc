import { dirname } from 'node:path';
import { SspError } from '../../base/errors.js';
import { readSafetensors } from '../../base/files/safetensors.js';
import { networkOf } from '../network.js';
import type { Artifact, EncoderArtifact, Facts } from '../stage.js';
import { badArtifact } from './bad-artifact.js';
import { openBoxes } from './boxes.js';
import { badEncoder, readDescription } from './encoder-description.js';
import { factsOfBoxes, factsOfImages, factsOfPairs } from './facts.js';
import { checkFeatures } from './features.js';
import { type Images, openImages } from './images.js';
import { leftIn } from './left-in.js';
import { networkFilesIn, withNetworkAlone } from './network-files.js';
import { openPairs } from './pairs.js';

/**
 * Checks what a stage left in its folder as its result, before it is kept: a fault is told where it was
 * made, not by the stage that reads it. Reads names, labels and pairs, of pixels how many there are, and
 * the weights of an encoder, against its network where TensorFlow is set up. Gives what is in images,
 * pairs and features.
 * @throws SspError `bad-artifact`, `bad-npy`, `bad-encoder`, `bad-safetensors`.
 */
export async function checkResult(type: string, folder: string, threads: number): Promise<Facts> {
  const left = leftIn(folder, type);
  if (type === 'Images') {
    const images = openImages(left);
    checkImages(images);
    const boxes = left.has('boxes.json') ? openBoxes(left, images) : undefined;
    return { ...factsOfImages(images), ...(boxes && factsOfBoxes(boxes)) };
  }
  if (type === 'Pairs') {
    const pairs = openPairs(left);
    if (pairs.count === 0) throw badArtifact('pairs.npy', 'holds no pairs');
    checkImages(pairs.images);
    return factsOfPairs(pairs);
  }
  if (type === 'Features') {
    const { n, d } = checkFeatures(left);
    return { images: n, features: d };
  }
  if (type === 'Encoder') await checkEncoderIn(left, threads);
  return {};
}

async function checkEncoderIn(left: Artifact, threads: number): Promise<void> {
  const description = readDescription(left.file('encoder.json'));
  const names = networkFilesIn(dirname(left.file('encoder.json')));
  const files = Object.fromEntries(names.map((name) => [name, left.file(name)]));
  await withNetworkAlone(files, async (carried) => {
    // Whoever loads it elsewhere knows no defaults.
    const options = { complete: true, carried };
    const backbone = await networkOf(description, badEncoder('encoder.json'), options);
    await checkWeightsIn({ ...left, backbone }, threads);
  });
}

async function checkWeightsIn(left: EncoderArtifact, threads: number): Promise<void> {
  readSafetensors(left.file('encoder.safetensors'), 'encoder.safetensors');
  const [{ loadTensorFlow }, { checkEncoder }] = await Promise.all([
    import('../../tensor/load.js'),
    import('./encoder.js'),
  ]);
  try {
    loadTensorFlow({ threads });
  } catch (error) {
    // Programs of one's own need no TensorFlow; what computes with the encoder does, and checks the rest.
    if (error instanceof SspError && error.code.startsWith('runtime-')) return;
    throw error;
  }
  checkEncoder(left);
}

function checkImages({ count, size, items, values }: Images): void {
  if (count === 0 || size === 0) throw badArtifact('images.npy', 'holds no images');
  for (const [attribute, labels] of Object.entries(values)) {
    const seen = new Set<string>();
    const twice = labels.find((label) => seen.size === seen.add(label).size);
    if (twice === undefined) continue;
    throw badArtifact(
      'items.json',
      `has ${JSON.stringify(twice)} twice in \`values.${attribute}\``,
    );
  }
  items.forEach(({ name, attributes }, index) => {
    const strange = Object.keys(attributes).find((attribute) => !Object.hasOwn(values, attribute));
    if (strange === undefined) return;
    throw badArtifact(
      'items.json',
      `gives item ${index} (${JSON.stringify(name)}) the attribute \`${strange}\`, which is not in \`values\``,
      '`values` has for each attribute the list of its labels, in their order.',
    );
  });
  const places = new Map<string, number>();
  items.forEach(({ name }, index) => {
    const before = places.get(name);
    if (before === undefined) {
      places.set(name, index);
      return;
    }
    throw badArtifact(
      'items.json',
      `gives two images the name ${JSON.stringify(name)}: items ${before} and ${index}`,
      'A name stands for one image: put the folder before it, such as "cat/IMG_0001.jpg".',
    );
  });
}
