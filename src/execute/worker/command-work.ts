import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Json } from '../../base/canonical.js';
import { SspError } from '../../base/errors.js';
import { makeFolder } from '../../base/files/make-folder.js';
import { isRecord } from '../../base/own.js';
import { readJson } from '../../base/read-json.js';
import { secretIn } from '../../base/secret.js';
import { listed } from '../store/entry.js';
import type { StageWork, TaskCode, WorkContext, WorkResult } from '../task.js';
import { runChild } from './child-program.js';

type Command = Extract<TaskCode, { kind: 'command' }>;

/**
 * The work of a stage that is a command: started without a shell in the folder of the file that
 * declares it. Inputs are laid out as folders; what the command leaves in `{out}` is the result, and
 * `metrics.json` there the numbers of a Metrics. Throws an SspError that says how it ended.
 */
export function commandWork({ words, folder }: Command): StageWork {
  return async (context) => {
    const texts = new Map<string, string>([['out', context.out]]);
    for (const [name, value] of Object.entries(context.record.params)) {
      texts.set(name, handedOver(await textOf(value, name, context), name, context));
    }
    const [program = '', ...args] = words.map((word) => filled(word, texts));
    await runChild(program, args, folder, context);
    if (context.result === 'Metrics') return readMetrics(context.out, program);
    if (listed(context.out).length > 0) return {};
    throw new SspError('no-output', `\`${program}\` ended well and left nothing in \`{out}\``, {
      help: 'it is to write its result into the folder that `{out}` names',
    });
  };
}

/** Longer texts do not fit into one word of a program: Linux takes 128 KiB. Bytes. */
const longest = 100_000;

/** A text as it stands in a word; of a long one, such as the paths of 2,000 inputs, `@` and a file that holds it. */
function handedOver(text: string, name: string, { temporary }: WorkContext): string {
  if (Buffer.byteLength(text) <= longest) return text;
  // No parameter begins with a dot: nothing else is laid out there.
  const path = join(temporary, '.texts', name);
  makeFolder(dirname(path));
  writeFileSync(path, text);
  return `@${path}`;
}

/** A word with the values of its parameters. */
function filled(word: string, texts: ReadonlyMap<string, string>): string {
  return word.replaceAll(/\{\{|\}\}|\{(\w+)\}/g, (found, name: string | undefined) =>
    name === undefined ? found.slice(1) : (texts.get(name) ?? ''),
  );
}

/** A parameter as a text: numbers in their type's own unit, artifacts and files as paths, the rest as JSON. */
async function textOf(value: Json, name: string, context: WorkContext): Promise<string> {
  const plain = await plainOf(value, name, context);
  if (plain === null) return '';
  return typeof plain === 'object' ? JSON.stringify(plain) : String(plain);
}

async function plainOf(value: Json, name: string, context: WorkContext): Promise<Json> {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const items: Json[] = [];
    for (const [i, item] of value.entries())
      items.push(await plainOf(item, `${name}.${i}`, context));
    return items;
  }
  const record = value as { readonly [key: string]: Json };
  if (typeof record.artifact === 'string') return context.layOut(record.artifact, name);
  const secret = secretIn(record);
  if (secret) return context.secret(secret.digest);
  const path = record.file ?? record.folder;
  if (typeof path === 'string') return context.path(path);
  const fields: [string, Json][] = [];
  for (const [key, field] of Object.entries(isRecord(record.record) ? record.record : record)) {
    fields.push([key, await plainOf(field, `${name}.${key}`, context)]);
  }
  return Object.fromEntries(fields);
}

/** What a command left as its metrics: an object, whose values are checked against what is declared. */
function readMetrics(out: string, program: string): WorkResult {
  const help = 'expected one number for each declared metric, as in {"top1": 0.93}';
  const path = join(out, 'metrics.json');
  const wrong = (found: string, advice = help): SspError =>
    new SspError('bad-metrics', `\`${program}\` left ${found}`, { help: advice });
  if (!existsSync(path)) throw wrong('no `metrics.json` in `{out}`');
  if (!statSync(path).isFile()) throw wrong('something else than a file as `metrics.json`');
  const read = readJson(readFileSync(path));
  if ('fault' in read) {
    const { fault, notFinite } = read;
    throw wrong(
      `a \`metrics.json\` that ${fault}`,
      notFinite &&
        'a diverged training is the usual reason; where there is no value, declare the metric with `?` and write null',
    );
  }
  const { value } = read;
  if (isRecord(value)) {
    return { metrics: { ...value } };
  }
  throw wrong(`${JSON.stringify(value).slice(0, 60)} as \`metrics.json\``);
}
