import { join } from 'node:path';
import { inspect } from 'node:util';
import type { Json } from '../base/canonical.js';
import { Bug, SspError } from '../base/errors.js';
import { isRecord, own } from '../base/own.js';
import { secretIn } from '../base/secret.js';
import { badEncoder, readDescription } from './artifact/encoder-description.js';
import { layOutNetwork } from './artifact/network-files.js';
import { networkOf } from './network.js';
import { exportOf } from './own-module.js';
import type { Replayed, TrainingContext } from './replay-training.js';
import type { Artifact, EncoderArtifact, KeptCheckpoints, Progress, StageResult } from './stage.js';
import type { EncoderTraining } from './train-encoder.js';

/** An output of another stage, with its files on disk by name. */
export interface OpenedOutput {
  readonly type: string;
  readonly digest: string;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly files: Readonly<Record<string, string>>;
}

/** What the executor hands over: a key record whose digests it can resolve, and folders. */
export interface Work {
  readonly record: { readonly params: Readonly<Record<string, Json>> };
  artifact(digest: string): Promise<OpenedOutput>;
  path(digest: string): string;
  secret(digest: string): string;
  module(number: number): string;
  readonly out: string;
  /** Folder for what is needed for a while. */
  readonly temporary: string;
  readonly checkpoint: string;
  readonly threads: number;
  readonly collapsedEpochs?: number | undefined;
  readonly kept?: KeptCheckpoints | undefined;
  progress(progress: Progress): void;
  log(line: string): void;
  remark(text: string): void;
}

interface StageModule {
  readonly run: (context: unknown) => Promise<StageResult>;
  /** Of a stage that trains an encoder, or on one. */
  readonly training?: (context: unknown) => Pick<EncoderTraining, 'training'>;
}
interface ValueModule {
  readonly make: (args: unknown) => unknown;
}

/**
 * The implementation of a declared stage: `std.train.pretrain` is `train/pretrain.ts`. Parameters
 * are given to it as its declaration says: artifacts opened, paths absolute, descriptions made.
 */
export async function loadStage(name: string): Promise<(work: Work) => Promise<StageResult>> {
  return withParams(((await load(name)) as StageModule).run);
}

/**
 * Repeats the step in which a training of a stage broke, op by op; `training` finds what the stage trains.
 * @throws SspError `nothing-to-replay` for a stage that trains nothing.
 */
export async function loadReplay(name: string): Promise<(work: Work) => Promise<Replayed>> {
  const { training } = (await load(name)) as StageModule;
  if (training === undefined) {
    throw new SspError('nothing-to-replay', `\`${name}\` trains nothing`, {
      help: 'what is repeated op by op is the step of a training that broke',
    });
  }
  const { replayTraining } = await import('./replay-training.js');
  return withParams((context) => replayTraining(context as TrainingContext, training));
}

/**
 * The work of a stage of the user's own: `run` of a module, which gets what a stage of the library
 * gets. Throws an SspError when the module cannot be loaded or has no `run`.
 */
export async function loadModule(path: string): Promise<(work: Work) => Promise<StageResult>> {
  const run = await exportOf<StageModule['run']>(path, {
    name: 'run',
    help: 'write `export async function run({ params, out }) { … }`',
  });
  return withParams(async (context) => checkedResult(await run(context), path));
}

/** A description that `make` of a module of the user's own makes of its arguments. */
async function ownValue(path: string, args: unknown): Promise<unknown> {
  const make = await exportOf<ValueModule['make']>(path, {
    name: 'make',
    help: 'write `export function make({ temperature }) { return { … }; }`',
  });
  const made = await make(args);
  if (isRecord(made)) return made;
  throw new SspError(
    'module-failed',
    `\`make\` of ${path} returned ${inspect(made, { depth: 0 })}`,
    {
      help: 'expected what the declaration says: a Method, Views, Backbone, Optimizer or Schedule',
    },
  );
}

/** What `run` of a module returned: nothing, or metrics and facts about how they were made. */
function checkedResult(returned: unknown, path: string): StageResult {
  const wrong = (found: string): SspError =>
    new SspError('module-failed', `\`run\` of ${path} returned ${found}`, {
      help: 'expected nothing, or `{ metrics: { top1: 0.93 } }`',
    });
  if (returned === undefined || returned === null) return {};
  if (!isRecord(returned)) throw wrong(inspect(returned, { depth: 0 }));
  const { metrics } = returned;
  if (metrics !== undefined && !isRecord(metrics)) {
    throw wrong(`${inspect(metrics, { depth: 0 })} as \`metrics\``);
  }
  for (const beside of ['environment', 'facts']) {
    const given = returned[beside];
    if (given === undefined) continue;
    if (!isRecord(given)) throw wrong(`${inspect(given, { depth: 0 })} as \`${beside}\``);
    for (const [name, value] of Object.entries(given)) {
      if (typeof value === 'string' || Number.isFinite(value)) continue;
      throw wrong(`${inspect(value, { depth: 0 })} as \`${beside}.${name}\`, no text or number`);
    }
  }
  return returned as StageResult; // metrics are held against what is declared
}

function withParams<Result>(
  run: (context: unknown) => Promise<Result>,
): (work: Work) => Promise<Result> {
  return async (work) => {
    const params = await hydrateEach(work.record.params, work);
    const { out, checkpoint, threads, collapsedEpochs, kept } = work;
    const resolved = work.record.params;
    return run({
      params,
      resolved,
      module: (number: number) => work.module(number),
      out,
      checkpoint,
      threads,
      collapsedEpochs,
      kept,
      progress: (progress: Progress) => work.progress(progress),
      log: (line: string) => work.log(line),
      remark: (text: string) => work.remark(text),
    });
  };
}

/** Names come from declarations alone, never from the user's text. */
async function load(name: string): Promise<unknown> {
  const [, folder, file] = /^std\.([a-z0-9_]+)\.([a-z0-9_]+)$/.exec(name) ?? [];
  if (!folder || !file) throw new Bug(`\`${name}\` is no name of the library`);
  return import(`./${folder}/${file}.js`);
}

async function hydrate(value: Json, work: Work): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => hydrate(item, work)));
  if (!isRecord(value)) return value;
  if (typeof value.artifact === 'string')
    return openArtifact(await work.artifact(value.artifact), work);
  const secret = secretIn(value);
  if (secret) return work.secret(secret.digest);
  if (typeof value.file === 'string') return work.path(value.file);
  if (typeof value.folder === 'string') return work.path(value.folder);
  if (typeof value.describe === 'string') return makeDescription(value, work);
  const plain = value.record !== undefined && isRecord(value.record) ? value.record : value;
  return hydrateEach(plain, work);
}

async function hydrateEach(
  fields: { readonly [key: string]: Json },
  work: Work,
): Promise<Readonly<Record<string, unknown>>> {
  const made: [string, unknown][] = [];
  for (const [key, field] of Object.entries(fields)) made.push([key, await hydrate(field, work)]);
  return Object.fromEntries(made);
}

async function makeDescription(
  value: { readonly [key: string]: Json },
  work: Work,
): Promise<unknown> {
  const { args = {}, module } = value;
  const given = isRecord(args) ? await hydrateEach(args, work) : {};
  if (typeof module === 'number') return ownValue(work.module(module), given);
  const { make } = (await load(String(value.describe))) as ValueModule;
  return make(given);
}

async function openArtifact(
  output: OpenedOutput,
  { temporary }: Work,
): Promise<Artifact | EncoderArtifact> {
  const artifact: Artifact = {
    type: output.type,
    digest: output.digest,
    metrics: output.metrics,
    has: (name) => Object.hasOwn(output.files, name),
    file: (name) => {
      const path = own(output.files, name);
      if (path !== undefined) return path;
      const names = Object.keys(output.files).join(', ');
      throw new SspError(
        'artifact-file',
        `the ${output.type} input ${output.digest.slice(0, 12)} has no file \`${name}\`; it has ${names}`,
      );
    },
  };
  if (output.type !== 'Encoder') return artifact;
  const description = readDescription(artifact.file('encoder.json'));
  const carried = join(temporary, 'networks', output.digest);
  if (description.module !== undefined) layOutNetwork(output.files, carried);
  const refuse = badEncoder('encoder.json');
  return { ...artifact, backbone: await networkOf(description, refuse, { carried }) };
}
