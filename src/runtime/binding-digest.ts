import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFlags } from './compile-binding.js';
import { nativePackage } from './native-package.js';
import { ownSources } from './own-sources.js';

/**
 * Changes when the binding would be compiled from other sources or otherwise: a runtime that an
 * older or newer version of ssp has made is then no runtime of this one.
 */
export function bindingDigest(): string {
  const sources = join(nativePackage, 'binding');
  const hash = createHash('sha256');
  hash.update(`${compileFlags.join(' ')}\0${[...ownSources.values()].join('\0')}\0`);
  for (const name of readdirSync(sources).sort()) {
    if (!/\.(cc|h)$/.test(name)) continue;
    hash
      .update(`${name}\0`)
      .update(readFileSync(join(sources, name)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 8);
}
