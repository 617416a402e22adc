import { basename } from 'node:path';
import { canonical } from '../../base/canonical.js';
import { SspError } from '../../base/errors.js';
import { readSafetensors, type SafetensorsContent } from '../../base/files/safetensors.js';
import { own } from '../../base/own.js';
import { loadTensorFlow } from '../../tensor/load.js';
import { under } from '../../tensor/named-tensors.js';
import { networkText } from '../artifact/described-text.js';
import { descriptionKey, writeEncoder } from '../artifact/encoder.js';
import {
  type EncoderDescription,
  type EncoderInput,
  type Network,
  parseDescription,
} from '../artifact/encoder-description.js';
import { fitWeights } from '../artifact/fit-weights.js';
import { implement } from '../implement.js';
import { networkOf } from '../network.js';
import { networkGiven } from '../network-given.js';
import type { Signatures } from '../signatures.gen.js';
import type { Backbone, StageContext } from '../stage.js';

type Params = Signatures['stages']['std.train.pretrained'];

/** torchvision's transforms of ImageNet weights. */
const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
const nothing = { mean: [0, 0, 0], std: [1, 1, 1] } as const;
/** What classifiers are called in torchvision and timm. */
const classifier = /^(fc|head)\./;

/** An encoder from a safetensors file: see `std.train.pretrained`. */
export const run = implement('std.train.pretrained', async (context) => {
  const { weights: path } = context.params;
  const prefix = context.params.prefix.replace(/\.$/, '');
  const file = basename(path);
  loadTensorFlow({ threads: context.threads });
  const { tensors, others, metadata } = readSafetensors(path);
  const description = descriptionIn(metadata, file);
  const stored = prefix === '' ? tensors : under(tensors, prefix);
  if (Object.keys(stored).length === 0 && Object.keys(tensors).length > 0) {
    throw nothingUnder(file, prefix, Object.keys(tensors));
  }
  const { backbone, network } = await networkFor(context, description, file);
  const refuse = misfit(file);
  const { weights, unused } = fitWeights(stored, backbone, refuse, (name) => {
    const whole = own(others, prefix === '' ? name : `${prefix}.${name}`);
    if (whole !== undefined) {
      return `It has one of whole numbers (${whole}), which are no weights: save it as float32.`;
    }
    return description ? ownFile : elsewhere(name, Object.keys(tensors));
  });
  const stranger = unused.find((name) => !classifier.test(name));
  if (stranger !== undefined) throw refuse(`has a tensor ${stranger} that the network lacks`);
  if (unused.length > 0) context.log(`left out: ${unused.join(', ')}`);
  const { features } = backbone;
  const input = inputOf(context.params, description);
  if (context.params.normalise === 'file' && description === undefined) {
    context.remark(
      `${file} does not say how images are normalised, so they are not: give \`normalise: "imagenet"\` (torchvision, timm) or \`"none"\``,
    );
  }
  const rest = { input, images: 0, steps: 0, history: [] };
  writeEncoder(context.out, { weights, network, features, ...rest });
  return {};
});

/** What a file of ours says of itself. */
function descriptionIn(
  metadata: SafetensorsContent['metadata'],
  file: string,
): EncoderDescription | undefined {
  const text = metadata[descriptionKey];
  if (text === undefined) return undefined;
  return parseDescription(
    Buffer.from(text),
    (found) =>
      new SspError('bad-encoder', `the description in ${file} (metadata \`ssp\`) ${found}`, {
        help: 'Export the encoder again, or take the description out and say `backbone`.',
      }),
  );
}

/** The network of a file, and how it is described: that of `backbone`, or what the file says. */
async function networkFor(
  context: StageContext<Params>,
  description: EncoderDescription | undefined,
  file: string,
): Promise<{ readonly backbone: Backbone; readonly network: Network }> {
  const { backbone: given } = context.params;
  if (given) {
    const network = await networkGiven(context);
    checkSame(description, network, file);
    return { backbone: given, network };
  }
  if (description === undefined) {
    throw new SspError(
      'unknown-network',
      `${file} does not say which network its weights are for`,
      {
        help: 'Say it: `pretrained(file("…"), backbone: resnet50())`.',
      },
    );
  }
  const { network, module, arguments: args } = description;
  if (module !== undefined) {
    throw new SspError(
      'unknown-network',
      `${file} is ${networkText(description)}, a network that is not of the library, and its module is not in the file`,
      {
        help: `Give it as \`backbone\`, or bring in the whole folder of the encoder by a stage: docs/encoders.md.`,
      },
    );
  }
  const backbone = await networkOf(description, misfit(file));
  return { backbone, network: { network, arguments: args } };
}

function inputOf({ size, normalise }: Params, file: EncoderDescription | undefined): EncoderInput {
  const known = { file: file?.input.normalise ?? nothing, imagenet, none: nothing };
  return { size: size ?? file?.input.size ?? null, normalise: known[normalise] };
}

/** A file that knows its network: `backbone` says the same, or nothing. */
function checkSame(
  description: EncoderDescription | undefined,
  given: Network,
  file: string,
): void {
  if (description === undefined) return;
  // What the user calls a network of their own is no part of it.
  const known = ({ network, module, arguments: args }: Network): string =>
    canonical({ network: module === undefined ? network : null, arguments: args });
  if (known(description) === known(given)) return;
  throw new SspError(
    'other-network',
    `${file} is ${networkText(description)}, and \`backbone\` is ${networkText(given)}`,
    { help: 'Leave `backbone` out: the file says what it is.' },
  );
}

function misfit(file: string): (found: string, help?: string) => SspError {
  const what =
    'Name the network that it is for as `backbone`, with all that makes its shapes (width and stem, or patch and image), or `prefix`, if its names begin with one.';
  return (found, help = what) => new SspError('other-network', `${file} ${found}`, { help });
}

const ownFile = 'The file says itself what network it is of: export the encoder again.';

/** Prefixes under which the tensor that a network asks for stands, and at least a quarter of all: no part of a network. */
function elsewhere(wanted: string, names: readonly string[]): string | undefined {
  const prefixes = names
    .filter((name) => name.endsWith(`.${wanted}`))
    .map((name) => name.slice(0, -wanted.length - 1))
    .filter((prefix) => {
      const within = names.filter((name) => name.startsWith(`${prefix}.`));
      return 4 * within.length >= names.length;
    });
  const [first] = prefixes;
  if (first === undefined) return undefined;
  const given = prefixes.map((prefix) => `\`prefix: "${prefix}"\``).join(' or ');
  return `It has ${first}.${wanted}: give ${given}.`;
}

function nothingUnder(file: string, prefix: string, names: readonly string[]): SspError {
  const first = [...new Set(names.map((name) => name.split('.')[0]))].slice(0, 8).join(', ');
  return new SspError('no-weights', `${file} has no tensors under \`${prefix}.\``, {
    help: `Its names begin with ${first}.`,
  });
}
