import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { SspError } from '../base/errors.js';
import { parseSite, type Site, siteOf } from '../execute/slurm/site.js';
import type { Io } from './io.js';
import { foldersAround } from './store-folder.js';

/**
 * What the cluster asks for: `ssp.yaml` beside a file or around it, or `site.yaml` in the store; of
 * none, the defaults. @throws SspError `bad-site` for a mistake in it, and where there are two.
 */
export function siteFor(io: Io, file: string, store: string): Site {
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
  return path === undefined
    ? siteOf({})
    : parseSite(readFileSync(path, 'utf8'), relative(io.cwd, path));
}
