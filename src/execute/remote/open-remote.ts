import { resolve } from 'node:path';
import { UsageError } from '../../base/errors.js';
import { folderRemote } from './folder-remote.js';
import type { Remote } from './remote.js';

/** What opens a remote of each kind, by the scheme of its address. */
const kinds: Readonly<Record<string, (address: string) => Promise<Remote>>> = {
  http: async (address) => (await import('./bazel-remote.js')).bazelRemote(address),
  https: async (address) => (await import('./bazel-remote.js')).bazelRemote(address),
};

/** Opens a remote by its address; a path is relative to `cwd`. @throws UsageError, SspError `no-remote`. */
export async function openRemote(address: string, cwd: string): Promise<Remote> {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address) ?? [];
  if (scheme === undefined) return folderRemote(address, resolve(cwd, address));
  const open = kinds[scheme.toLowerCase()];
  if (open === undefined) {
    throw new UsageError(`\`${address}\` is no remote: there is no kind ${scheme}://`, help);
  }
  return open(address);
}

const help = "a remote is a folder, or http://HOST/PATH of a server of Bazel's cache protocol";
