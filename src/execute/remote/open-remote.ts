import { resolve } from 'node:path';
import { UsageError } from '../../base/errors.js';
import { isBundleName, noBundle } from '../bundle/bundle-name.js';
import { statAt } from '../store/entry.js';
import { folderRemote } from './folder-remote.js';
import type { Remote } from './remote.js';

type Environment = Readonly<Record<string, string | undefined>>;

type Opens = (address: string, env: Environment) => Promise<Remote>;

/** What opens a remote of each kind, by the scheme of its address. */
const kinds: Readonly<Record<string, Opens>> = {
  hf: async (address, env) => (await import('./hub-remote.js')).hubRemote(address, env),
  ssh: async (address) => (await import('./ssh-remote.js')).sshRemote(address),
  s3: async (address, env) => (await import('./s3-remote.js')).s3Remote(address, env),
  http: async (address) => (await import('./bazel-remote.js')).bazelRemote(address),
  https: async (address) => (await import('./bazel-remote.js')).bazelRemote(address),
};

/**
 * Opens a remote by its address. A path is relative to `cwd`; credentials are taken from the environment.
 * @throws UsageError, SspError `no-remote`.
 */
export async function openRemote(
  address: string,
  { cwd, env }: { readonly cwd: string; readonly env: Environment },
): Promise<Remote> {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address) ?? [];
  if (scheme === undefined) {
    const path = resolve(cwd, address);
    const found = statAt(path);
    if (found === undefined && isBundleName(address)) throw noBundle(address);
    if (!found?.isFile()) return folderRemote(address, path);
    const { openBundle } = await import('../bundle/open-bundle.js');
    return (await openBundle(path, address)).remote;
  }
  const open = kinds[scheme.toLowerCase()];
  if (open === undefined) {
    const path = /^file:\/\/(?:localhost)?(\/.*)/i.exec(address)?.[1];
    throw new UsageError(
      `\`${address}\` is no remote: there is no kind ${scheme}://`,
      path === undefined ? help : `a folder is named by its path: \`${path}\``,
    );
  }
  return open(address, env);
}

const help =
  "a remote is a folder, a bundle, ssh://HOST/PATH of a folder of another machine, http://HOST/PATH of a server of Bazel's cache protocol, s3://BUCKET/PREFIX, or hf://datasets/OWNER/NAME";
