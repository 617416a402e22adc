import { readFileSync, statSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import type { Json } from '../base/canonical.js';
import { invariant, SspError } from '../base/errors.js';
import { isRecord } from '../base/own.js';
import { importedFiles } from '../base/relative-imports.js';
import { shortName } from './artifact/described-text.js';
import { type Network, networkIn } from './artifact/encoder-description.js';
import { layOutNetwork, networkFile, withNetworkAlone } from './artifact/network-files.js';
import { carriedNetwork, contract, networkFault } from './carried-network.js';
import type { Backbone, StageContext } from './stage.js';

type Context = Pick<StageContext<{ readonly backbone: Backbone | null }>, 'params' | 'resolved'> &
  Pick<StageContext<unknown>, 'module' | 'out'>;

/**
 * The network that a stage got as `backbone`, as its encoder describes it. The module of one of the user's own is
 * copied into the result with what it imports, and has to make the same network there: whatever reads the encoder
 * has nothing else.
 * @throws SspError `bad-network`.
 */
export async function networkGiven(context: Context): Promise<Network> {
  const { backbone } = context.resolved;
  const known = networkIn(backbone);
  if (known !== undefined) return known;
  invariant(
    isRecord(backbone) &&
      typeof backbone.describe === 'string' &&
      Number.isInteger(backbone.module),
    `${JSON.stringify(backbone)} is a network`,
  );
  const name = shortName(backbone.describe);
  const refuse = (found: string, help?: string): SspError =>
    new SspError(
      'bad-network',
      `the network \`${name}\` ${found}`,
      help === undefined ? {} : { help },
    );
  const fault = networkFault(context.params.backbone);
  if (fault !== undefined) throw refuse(`is none: its \`make\` ${fault}`, contract);
  const { module, files } = sourceOf(context.module(Number(backbone.module)));
  const unclear = Object.keys(files).find((file) => file.endsWith('.js'));
  if (unclear !== undefined) {
    throw refuse(
      `has the file \`${unclear.replace(/^network\//, '')}\`: whether \`.js\` is a module or a script, a package.json says that an encoder does not carry`,
      'Name it `.mjs` or `.cjs`.',
    );
  }
  const args = plainArguments(backbone.args ?? {}, refuse);
  const network = { network: name, module, arguments: args as Network['arguments'] }; // of a record
  layOutNetwork(files, context.out);
  const { features } = await withNetworkAlone(files, (folder) =>
    carriedNetwork(network, folder, (found, help) =>
      refuse(
        `cannot be carried by its encoder, which ${found.replaceAll(`${folder}/network/`, '')}`,
        help,
      ),
    ),
  );
  const wanted = context.params.backbone?.features;
  if (features !== wanted) {
    throw refuse(`makes ${wanted} features where it lies, and ${features} in its encoder`);
  }
  return network;
}

/** A module and what it imports, by their names in an encoder. */
function sourceOf(path: string): {
  readonly module: string;
  readonly files: Readonly<Record<string, string>>;
} {
  const isFile = (file: string): boolean =>
    statSync(file, { throwIfNoEntry: false })?.isFile() === true;
  const readText = (file: string): string => readFileSync(file, 'utf8');
  const all = [path, ...importedFiles(path, { readText, isFile })];
  let folder = dirname(path);
  while (!all.every((file) => file.startsWith(folder === sep ? sep : `${folder}${sep}`))) {
    folder = dirname(folder);
  }
  const named = (file: string): string => networkFile(relative(folder, file).split(sep).join('/'));
  return { module: named(path), files: Object.fromEntries(all.map((file) => [named(file), file])) };
}

/** The arguments of a description in a key as `make` gets them, where these are data alone. */
function plainArguments(value: Json, refuse: (found: string, help?: string) => SspError): Json {
  if (Array.isArray(value)) return value.map((item) => plainArguments(item, refuse));
  if (!isRecord(value)) return value;
  const tag = ['artifact', 'file', 'folder', 'env', 'describe'].find((name) => name in value);
  if (tag !== undefined) {
    throw refuse(
      'has an argument that its encoder cannot carry',
      'Its arguments are numbers, texts, truth values, ranges, and lists and records of these.',
    );
  }
  const fields = isRecord(value.record) ? (value.record as typeof value) : value;
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, plainArguments(field, refuse)]),
  );
}
