import type { Json } from '../base/canonical.js';
import type { Place } from '../base/source.js';
import type { StagePoint } from './plan.js';
import { filesOfCode } from './point-code.js';
import { eachPath } from './tagged.js';

/** A file or folder that points name. */
export interface NamedPath {
  /** Relative to the folder of the program's file. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  /** Where it is named first. */
  readonly at: Place;
}

/** The files and folders that points name, in parameters and as code, each once. */
export function pathsOf(points: readonly StagePoint[]): readonly NamedPath[] {
  const found = new Map<string, NamedPath>();
  const seen = new Set<Json>();
  const add = (path: string, kind: 'file' | 'folder', at: Place) => {
    const name = `${kind} ${path}`;
    if (!found.has(name)) found.set(name, { path, kind, at });
  };
  for (const { params, places, code, at } of points) {
    for (const [name, value] of Object.entries(params)) {
      const place = places[`params.${name}`] ?? at;
      eachPath([value], (path, kind) => add(path, kind, place), seen);
    }
    for (const { path, kind } of code ? filesOfCode(code) : []) add(path, kind, at);
  }
  return [...found.values()];
}
