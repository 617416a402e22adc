import { join } from 'node:path';
import { SspError } from '../../base/errors.js';
import { isFolderName } from '../../base/files/file-name.js';
import { own } from '../../base/own.js';
import { oneLine } from '../../base/plain-text.js';
import { masked } from '../../base/secret.js';
import type { Output } from '../record.js';
import { copyBlob } from '../store/blobs.js';
import type { Store } from '../store/store.js';
import type { InputArtifact, KeptEpochs, Task, WorkContext } from '../task.js';
import { layOut } from './lay-out.js';
import type { WorkEvent } from './work-event.js';

/** What the work of a task gets; its remarks are added to those given. */
export function contextOf(
  task: Task,
  folders: Pick<WorkContext, 'out' | 'temporary' | 'checkpoint'>,
  remarks: Set<string>,
  secrets: ReadonlyMap<string, string>,
  {
    store,
    onEvent,
    onProgram,
    kept,
  }: {
    readonly store: Store;
    readonly onEvent?: (event: WorkEvent) => void;
    readonly onProgram?: ((group: number) => void) | undefined;
    readonly kept?: KeptEpochs | undefined;
  },
): WorkContext {
  const hide = (text: string): string => masked(text, secrets.values());
  const copies = new Map<string, Promise<string>>();
  /** A file of an input; one that code of the user's own may write to is a copy. */
  const fileOf = (output: Output, name: string): Promise<string> | string => {
    const blob = own(output.files, name);
    if (blob === undefined) throw lostInput(task, output, name);
    if (task.code === undefined) return store.blobPath(blob.digest);
    const mode = output.executable?.includes(name) ? 0o555 : 0o444;
    const known = `${blob.digest}${mode}`;
    let copy = copies.get(known);
    if (copy === undefined) {
      const inputs = join(folders.temporary, 'inputs');
      store.disk.mkdir(inputs);
      const to = join(inputs, `${copies.size}-${blob.digest.slice(0, 12)}`);
      copy = copyBlob(store, blob, to, mode).then((whole) => {
        if (whole) return to;
        throw lostInput(task, output, name);
      });
      copies.set(known, copy);
    }
    return copy;
  };
  return {
    record: task.record,
    artifact: async (digest): Promise<InputArtifact> => {
      const output = inputOf(task, digest);
      const files: [string, string][] = [];
      for (const name of Object.keys(output.files)) files.push([name, await fileOf(output, name)]);
      const { type, metrics } = output;
      return { type, digest, metrics, files: Object.fromEntries(files) };
    },
    layOut: async (digest, name) => {
      if (!isFolderName(name)) {
        throw new SspError('wrong-task', `\`${name}\` of \`${task.id}\` cannot be a folder`);
      }
      const output = inputOf(task, digest);
      const folder = join(folders.temporary, name);
      const damaged = await layOut(store, output, folder);
      if (damaged !== undefined) throw lostInput(task, output, damaged);
      return folder;
    },
    path: (digest) => {
      const found = task.paths.find((path) => path.digest === digest);
      if (found) return found.path;
      throw new SspError('wrong-task', `the task of \`${task.id}\` names no file ${digest}`);
    },
    secret: (digest) => {
      const text = secrets.get(digest);
      if (text !== undefined) return text;
      throw new SspError('wrong-task', `the task of \`${task.id}\` names no secret ${digest}`);
    },
    masked: hide,
    module: (number) => {
      const { code } = task;
      const found =
        code === undefined || code.kind === 'command' ? undefined : code.values?.[number];
      if (found !== undefined) return found;
      throw new SspError('wrong-task', `the task of \`${task.id}\` has no module ${number}`);
    },
    ...folders,
    result: task.result,
    threads: task.threads,
    gpus: task.gpus,
    collapsedEpochs: task.collapsedEpochs,
    kept,
    onProgram,
    progress: (progress) => onEvent?.({ kind: 'progress', progress }),
    log: (line) => onEvent?.({ kind: 'log', line }),
    remark: (said) => {
      const text = oneLine(hide(said));
      if (remarks.has(text)) return;
      remarks.add(text);
      onEvent?.({ kind: 'remark', text });
    },
  };
}

function inputOf(task: Task, digest: string): Output {
  const output = own(task.inputs, digest);
  if (output !== undefined) return output;
  throw new SspError('wrong-task', `the task of \`${task.id}\` names no result ${digest}`);
}

/** Says that an input is not what its record says; the run makes it again. */
export function lostInput(task: Task, { type, digest }: Output, name: string): SspError {
  return new SspError(
    'input-lost',
    `\`${name}\` of the ${type} ${digest.slice(0, 12)} that \`${task.id}\` reads is damaged or gone`,
    { help: 'the next `ssp run` makes it again' },
  );
}
