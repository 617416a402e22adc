import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { SspError } from '../../base/errors.js';
import { own } from '../../base/own.js';
import { parseSite, type Site, type SiteFile, siteOf } from '../../execute/slurm/site.js';
import type { Io } from '../io.js';
import { foldersAround } from '../study/store-folder.js';

/** What the cluster asks for, as the site file says; without one, the defaults. @throws SspError `bad-site`. */
export const siteFor = (io: Io, file: string, store: string): Site =>
  siteFileFor(io, file, store).slurm;

/**
 * The address of a remote that is named in the site file, else what was given; folders are relative to the
 * file that names them. @throws SspError `bad-site`.
 */
export function addressOf(io: Io, given: string, file: string, store: string): string {
  // What has a scheme or leads through folders is no name.
  return /^[A-Za-z][\w-]*$/.test(given)
    ? (own(siteFileFor(io, file, store).remotes, given) ?? given)
    : given;
}

/**
 * `ssp.yaml` beside a file or around it, or `site.yaml` in the store. @throws SspError `bad-site` for a
 * mistake in it, and where there are two.
 */
function siteFileFor(io: Io, file: string, store: string): SiteFile {
  const around = foldersAround(dirname(resolve(io.cwd, file))).map((at) => join(at, 'ssp.yaml'));
  const beside = around.find((path) => existsSync(path));
  const stored = join(store, 'site.yaml');
  const inStore = existsSync(stored) ? stored : undefined;
  if (beside !== undefined && inStore !== undefined) {
    throw new SspError('bad-site', `there are two site files, ${beside} and ${inStore}`, {
      help: 'remove one of them',
    });
  }
  const path = beside ?? inStore;
  if (path === undefined) return { slurm: siteOf({}), remotes: {} };
  const { slurm, remotes } = parseSite(readFileSync(path, 'utf8'), relative(io.cwd, path));
  const found = (address: string): string =>
    address.includes('://') ? address : resolve(dirname(path), address);
  const named = Object.entries(remotes).map(([name, address]) => [name, found(address)]);
  return { slurm, remotes: Object.fromEntries(named) };
}
