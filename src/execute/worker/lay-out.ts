import { dirname, join } from 'node:path';
import { bytesOfName } from '../../base/files/file-name.js';
import type { Output } from '../record.js';
import { copyBlob } from '../store/blobs.js';
import type { Store } from '../store/store.js';

/**
 * The files of a result in a new folder, as they were left: empty folders too, and programs may be
 * executed. All are copies, so that whoever writes to them changes nothing for anybody else. Metrics
 * stand as `metrics.json` where the result has no such file. Returns the name of a file whose content
 * is not what the result says, if there is one.
 */
export async function layOut(
  store: Store,
  { files, metrics, folders = [], executable = [] }: Output,
  folder: string,
): Promise<string | undefined> {
  const { disk } = store;
  disk.mkdir(folder);
  for (const name of folders) disk.mkdir(bytesOfName(join(folder, name)));
  const programs = new Set(executable);
  const made = new Set<string>([folder]);
  for (const [name, blob] of Object.entries(files)) {
    const path = join(folder, name);
    const around = dirname(path);
    if (!made.has(around)) disk.mkdir(bytesOfName(around));
    made.add(around);
    const bytes = bytesOfName(path);
    const plain = bytes.toString() === path;
    const to = plain ? path : `${folder}.part`;
    if (!(await copyBlob(store, blob, to, programs.has(name) ? 0o555 : 0o444))) return name;
    if (!plain) disk.rename(to, bytes);
  }
  if (Object.keys(metrics).length > 0 && !Object.hasOwn(files, 'metrics.json')) {
    disk.write(join(folder, 'metrics.json'), `${JSON.stringify(metrics)}\n`, false);
  }
  return undefined;
}
