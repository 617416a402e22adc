import { readFileSync } from 'node:fs';
import type { Json } from '../../base/canonical.js';
import { SspError } from '../../base/errors.js';
import { isRecord } from '../../base/own.js';
import { readJson } from '../../base/read-json.js';
import type { Augmentation } from '../stage.js';
import { isNetworkFile } from './network-files.js';

/** How images come to the encoder: resized to `size` pixels (none: as they are), then normalised. */
export interface EncoderInput {
  readonly size: number | null;
  readonly normalise: Augmentation['normalise'];
}

/** A network of `std.backbone` or of the user's own, and all of its parameters. */
export interface Network {
  /** `resnet50`. */
  readonly network: string;
  /** Of the user's own: the module that makes it, among the encoder's files: `network/my-net.mjs`. */
  readonly module?: string;
  readonly arguments: { readonly [name: string]: Json };
}

/**
 * What is needed to use an encoder's weights: `encoder.json`, and what a safetensors file of ours says of itself. The
 * same wherever it stands: `grammar/schema/encoder.json`.
 */
export interface EncoderDescription extends Network {
  readonly version: 1;
  /** Whose names and layouts the tensors have. */
  readonly names: 'torchvision' | 'timm' | 'own';
  /** Length d of the features. */
  readonly features: number;
  readonly input: EncoderInput;
  /** Data-set images that it was trained on, and steps. */
  readonly images?: number;
  readonly steps?: number;
}

/** The description of an encoder. */
export function describeEncoder(
  { network, module, arguments: given }: Network,
  features: number,
  input: EncoderInput,
): EncoderDescription {
  const theirs = network.startsWith('vit') ? 'timm' : 'torchvision';
  const own = module === undefined ? {} : { module };
  const names = module === undefined ? theirs : 'own';
  return { version: 1, network, ...own, arguments: given, names, features, input };
}

/** The network of the library that stands in a key as `{describe: "std.backbone.…", args}`. */
export function networkIn(backbone: unknown): Network | undefined {
  if (!isRecord(backbone) || typeof backbone.describe !== 'string') return undefined;
  const [, network] = /^std\.backbone\.([a-z0-9_]+)$/.exec(backbone.describe) ?? [];
  const { args = {} } = backbone;
  if (network === undefined || !isRecord(args)) return undefined;
  return { network, arguments: args as Network['arguments'] }; // read from JSON
}

/** Reads `encoder.json`. @throws SspError `bad-encoder`. */
export function readDescription(path: string): EncoderDescription {
  return parseDescription(readFileSync(path), badEncoder('encoder.json'));
}

/** Is it in the form that was written before version 1? */
export function isOldForm(file: unknown): boolean {
  return isRecord(file) && file.format === 'ssp-encoder/1';
}

/**
 * A description from its bytes; also in the form that was written before version 1.
 * @throws what `refuse` makes of what is wrong with it.
 */
export function parseDescription(
  bytes: Uint8Array,
  refuse: (found: string) => SspError,
): EncoderDescription {
  const read = readJson(bytes);
  if ('fault' in read) throw refuse(read.fault);
  const file = read.value;
  const old = isOldForm(file);
  if (!isRecord(file) || !(old || file.version === 1)) {
    throw refuse('does not say `"version": 1`');
  }
  const named: { readonly [name: string]: unknown } = old ? { ...networkIn(file.backbone) } : file;
  const { network, module, arguments: given } = named;
  if (typeof network !== 'string' || !/^\w+$/.test(network)) {
    throw refuse('names no network of `std.backbone` as `network`');
  }
  if (module !== undefined && !(typeof module === 'string' && isNetworkFile(module))) {
    throw refuse('has something else than a file in `network/` as `module`');
  }
  if (!isRecord(given)) throw refuse('has no `arguments` of its network');
  const { features, input } = file;
  if (typeof features !== 'number' || !(Number.isSafeInteger(features) && features > 0)) {
    throw refuse('has no length of the features as `features`');
  }
  const own = module === undefined ? {} : { module };
  const known = { network, ...own, arguments: given as Network['arguments'] }; // read from JSON
  const counts = ['images', 'steps'].flatMap((name) => {
    const count = file[name];
    return typeof count === 'number' ? [[name, count] as const] : [];
  });
  const description = describeEncoder(known, features, checkedInput(input, refuse));
  return { ...description, ...Object.fromEntries(counts) };
}

function checkedInput(input: unknown, refuse: (found: string) => SspError): EncoderInput {
  if (!isRecord(input)) throw refuse('has no `input`, the size and normalisation of images');
  const { size, normalise } = input;
  const whole = typeof size === 'number' && Number.isSafeInteger(size) && size > 0;
  if (size !== null && !whole) throw refuse('has no number of pixels, or null, as `input.size`');
  const { mean, std } = isRecord(normalise) ? normalise : {};
  if (!isTriple(mean)) throw refuse('has no three numbers as `input.normalise.mean`');
  if (!isTriple(std) || std.some((value) => value <= 0)) {
    throw refuse('has no three numbers above 0 as `input.normalise.std`');
  }
  return { size, normalise: { mean, std } };
}

function isTriple(value: unknown): value is [number, number, number] {
  return Array.isArray(value) && value.length === 3 && value.every(Number.isFinite);
}

/** An encoder whose file is something else. */
export function badEncoder(name: string): (found: string, help?: string) => SspError {
  return (found, help = 'It is for another network, or damaged: mend the stage that wrote it.') =>
    new SspError('bad-encoder', `\`${name}\` ${found}`, { help });
}
