import { join, resolve } from 'node:path';
import { SspError, UsageError } from '../../base/errors.js';
import { makeFolder } from '../../base/files/make-folder.js';
import { writeNpy } from '../../base/files/npy.js';
import { readSafetensors } from '../../base/files/safetensors.js';
import { copyFileWhole, writeFileWhole, writing } from '../../base/write-file.js';
import { readDescription } from '../../library/artifact/encoder-description.js';
import { layOutNetwork } from '../../library/artifact/network-files.js';
import { namedPoints } from '../../plan/select.js';
import { command, common } from '../command.js';
import { openSession, type Session } from '../study/session.js';

export const exportEncoder = command({
  name: 'export-encoder',
  summary: 'write a trained encoder for PyTorch or NumPy',
  arguments: [
    { name: '<file>', about: 'a .ssp file' },
    { name: '<encoder>', about: "one encoder, as in 'encoder[pairs: sp, seed: 1]'" },
  ],
  options: [
    { flags: '--to <format>', about: 'safetensors (default) or npy: a file for each tensor' },
    { flags: '-o, --out <folder>', about: 'where to write; made if it does not exist' },
    common.set,
    common.store,
    common.points,
    common.gpus,
  ],
  examples: [
    "ssp export-encoder pipelines/quickstart.ssp 'encoder[pairs: sp, views: full, seed: 1]' -o encoder",
    "ssp export-encoder study.ssp 'encoder[method: byol]' --to npy -o weights",
  ],
  async run(io, [file, target], options) {
    if (target === undefined) throw new UsageError('no encoder was named');
    const { out, to = 'safetensors' } = options;
    if (to !== 'safetensors' && to !== 'npy') {
      throw new UsageError(`--to ${to}: the formats are safetensors and npy`);
    }
    if (out === undefined) {
      throw new UsageError('no folder was given', 'name one with -o FOLDER');
    }
    const session = await openSession(io, file, options);
    if (session === undefined) return 1;
    const { id, key, files } = encoderAt(session, target);
    const stored = (name: string): string => session.store.blobPath(files[name]?.digest ?? '');
    const weights = stored('encoder.safetensors');
    const folder = resolve(io.cwd, out);
    writing(folder, () => {
      makeFolder(folder);
      if (to === 'npy') {
        for (const [name, tensor] of Object.entries(readSafetensors(weights).tensors)) {
          // What a store holds may be made by somebody: a name becomes a file beside the others alone.
          if (!/^\w[\w.-]*$/.test(name)) {
            throw new SspError('bad-encoder', `${JSON.stringify(name)} is no name of a tensor`);
          }
          writeNpy(join(folder, `${name}.npy`), tensor);
        }
      } else copyFileWhole(weights, join(folder, 'encoder.safetensors'));
    });
    const description = readDescription(stored('encoder.json'));
    if (description.module !== undefined) {
      const named = Object.keys(files).map((name) => [name, stored(name)] as const);
      writing(folder, () => layOutNetwork(Object.fromEntries(named), folder));
      const { network, module } = description;
      io.err(
        `note: \`${network}\` is a network of your own: the tensors have its names, and \`${module}\` beside them makes it`,
      );
    }
    const source = {
      file: session.program.file.path,
      id,
      key,
      weights: files['encoder.safetensors']?.digest,
    };
    // What a reader of the weights needs to know: `grammar/schema/encoder.json`.
    const json = JSON.stringify({ ...description, source }, null, 2);
    const about = join(folder, 'encoder.json');
    writing(about, () => writeFileWhole(about, [Buffer.from(`${json}\n`)]));
    io.out(out);
    return 0;
  },
});

/** The one encoder that a text names, with its files. @throws UsageError, SspError `no-encoder`. */
function encoderAt({ program, points, plan, store }: Session, target: string) {
  const file = program.file.path;
  const named = namedPoints(points, target);
  const [point] = named;
  if (point === undefined || named.length > 1) {
    const ids = named.map(({ id }) => id);
    throw new UsageError(
      `\`${target}\` names ${ids.length} points; export one of them`,
      `as in '${ids[0]}'; there are ${ids.slice(0, 6).join(' ')}${ids.length > 6 ? ' …' : ''}`,
    );
  }
  const { id } = point;
  const key = plan.stages.find((stage) => stage.id === id)?.key;
  const found = key === undefined ? undefined : store.find(key);
  if (key === undefined || found?.kind !== 'hit') {
    throw new SspError('no-encoder', `${id} has no result yet`, {
      help: `run it first: ssp run ${file} --only '${id}'`,
    });
  }
  const { type, files } = found.output;
  if (type === 'Encoder') return { id, key, files };
  throw new UsageError(`${id} is no encoder: its result is ${type}`);
}
