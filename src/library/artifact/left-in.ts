import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact } from '../stage.js';
import { badArtifact } from './bad-artifact.js';

/** What lies in a folder, as an artifact. */
export function leftIn(folder: string, type: string): Artifact {
  return {
    type,
    digest: '',
    metrics: {},
    has: (name) => existsSync(join(folder, name)),
    file(name) {
      const path = join(folder, name);
      if (existsSync(path)) {
        if (statSync(path).isFile()) return path;
        throw badArtifact(name, 'is no file');
      }
      const left = readdirSync(folder).slice(0, 5).join(', ') || 'nothing';
      throw badArtifact(name, `is not there; the stage left ${left}`);
    },
  };
}
