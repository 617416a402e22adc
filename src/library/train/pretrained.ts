import { canonical, type Json } from '../../base/canonical.js';
import { SspError } from '../../base/errors.js';
import { under } from '../../tensor/named-tensors.js';
import { loadTensorFlow } from '../../tensor/runtime/load.js';
import { loadTensors } from '../../tensor/stored-tensors.js';
import { tf } from '../../tensor/tf.js';
import { fromTorch } from '../../tensor/torch-layout.js';
import { describedText } from '../artifact/described-text.js';
import {
  descriptionKey,
  type EncoderDescription,
  type EncoderInput,
  parseDescription,
  writeEncoder,
} from '../artifact/encoder.js';
import { fitWeights } from '../artifact/fit-weights.js';
import type { Signatures } from '../signatures.gen.js';
import { implement } from '../stage.js';

type Params = Signatures['stages']['std.train.pretrained'];

/** torchvision's transforms of ImageNet weights. */
const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
const nothing = { mean: [0, 0, 0], std: [1, 1, 1] } as const;
/** What classifiers are called in torchvision and timm. */
const classifier = /^(fc|head)\./;

/** An encoder from a safetensors file: see `std.train.pretrained`. */
export const run = implement('std.train.pretrained', async (context) => {
  const { weights: path, backbone, prefix } = context.params;
  loadTensorFlow({ threads: context.threads });
  const { tensors, metadata } = loadTensors(path);
  const described = metadata[descriptionKey];
  const description = described === undefined ? undefined : parseDescription(described);
  const stored = prefix === '' ? tensors : under(tensors, prefix);
  if (Object.keys(stored).length === 0) throw nothingUnder(prefix, Object.keys(tensors));
  const input = inputOf(context.params, description);
  const rest = { input, images: 0, steps: 0, history: [] };
  if (backbone) {
    checkSame(description, context.resolved.backbone);
    const { weights, unused } = fitWeights(stored, backbone, misfit);
    const stranger = unused.find((name) => !classifier.test(name));
    if (stranger !== undefined) throw misfit(`has a tensor ${stranger} that the network lacks`);
    if (unused.length > 0) context.log(`left out: ${unused.join(', ')}`);
    const { features } = backbone;
    writeEncoder(context.out, { weights, backbone: context.resolved.backbone, features, ...rest });
    return {};
  }
  if (description === undefined) {
    throw new SspError(
      'unknown-network',
      'the file does not say which network its weights are for',
      {
        help: 'Say it: `pretrained(file("…"), backbone: resnet50())`.',
      },
    );
  }
  const weights = { trained: tf.tidy(() => fromTorch(stored)), stats: {} };
  writeEncoder(context.out, { weights, ...description, ...rest });
  return {};
});

function inputOf({ size, normalise }: Params, file: EncoderDescription | undefined): EncoderInput {
  const known = { file: file?.input.normalise ?? nothing, imagenet, none: nothing };
  return { size: size ?? file?.input.size ?? null, normalise: known[normalise] };
}

/** A file that knows its network: `backbone` says the same, or nothing. */
function checkSame(file: EncoderDescription | undefined, given: Json | undefined): void {
  if (file === undefined || canonical(file.backbone) === canonical(given ?? null)) return;
  throw new SspError(
    'other-network',
    `the file is ${describedText(file.backbone)}, and \`backbone\` is ${describedText(given)}`,
    { help: 'Leave `backbone` out: the file says what it is.' },
  );
}

function misfit(found: string): SspError {
  return new SspError('other-network', `the file of weights ${found}`, {
    help: 'Name the network that it is for as `backbone`, with all that makes its shapes (width and stem, or patch and image), or `prefix`, if its names begin with one.',
  });
}

function nothingUnder(prefix: string, names: readonly string[]): SspError {
  const first = [...new Set(names.map((name) => name.split('.')[0]))].slice(0, 8).join(', ');
  return new SspError('no-weights', `the file has no tensors under \`${prefix}.\``, {
    help: `Its names begin with ${first}.`,
  });
}
