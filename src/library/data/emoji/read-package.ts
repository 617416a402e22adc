import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { SspError, systemCode } from '../../../base/errors.js';

const require = createRequire(import.meta.url);

/**
 * A JSON file of an installed npm package.
 * @throws SspError `missing-package` when the package is not installed.
 */
export function readPackage(name: string, file: string): unknown {
  let path: string;
  try {
    path = require.resolve(`${name}/${file}`);
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw error;
    throw new SspError('missing-package', `the npm package ${name} has no ${file} here`, {
      help: 'The emoji data set is made from npm packages: run `npm install` in the folder of ssp.',
      cause: error,
    });
  }
  return JSON.parse(readFileSync(path, 'utf8'));
}
