import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact } from '../stage.js';
import { badArtifact } from './bad-artifact.js';

/** Where it is written what a stage of one's own leaves, but for images and pairs. */
const pages: ReadonlyMap<string, string> = new Map([
  ['Encoder', '“Encoders in stages of your own” in the documentation of encoders'],
  ['Features', '“Features of your own” in the documentation of the language'],
]);

/** What lies in a folder, as an artifact. */
export function leftIn(folder: string, type: string): Artifact {
  const page = pages.get(type);
  const advice = page && `Mend the stage that makes it: ${page} says what the files hold.`;
  return {
    type,
    digest: '',
    metrics: {},
    has: (name) => existsSync(join(folder, name)),
    file(name) {
      const path = join(folder, name);
      if (existsSync(path)) {
        if (statSync(path).isFile()) return path;
        throw badArtifact(name, 'is no file', advice);
      }
      const left = readdirSync(folder).slice(0, 5).join(', ') || 'nothing';
      throw badArtifact(name, `is not there; the stage left ${left}`, advice);
    },
  };
}
