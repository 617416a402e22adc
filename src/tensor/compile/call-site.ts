import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
/** Where a build carries the files of TensorFlow.js that run. */
const vendored = fileURLToPath(new URL('../../vendor/', import.meta.url));
/** The op's wrappers say nothing of who called it. */
const wrapper = /[/\\]tensor[/\\](native|attach-gradient|differentiate|numbers-of)\.[jt]s:/;
const depth = 60;

/** The stack as it is now; cheap until it is read. */
export function captureSite(): Error {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = depth;
  const site = new Error('site');
  Error.stackTraceLimit = limit;
  return site;
}

/** ` (at file:line:column)`: the innermost call that is neither TensorFlow.js nor this folder; empty when there is none. */
export function describeSite(site: Error | undefined): string {
  const [place] = placesOf(site);
  return place === undefined ? '' : ` (at ${place})`;
}

/** The calls that are neither TensorFlow.js nor this folder, as `file:line:column`, the innermost first. */
export function placesOf(site: Error | undefined): readonly string[] {
  const frames = (site?.stack ?? '').split('\n').slice(1);
  return frames
    .filter(
      (line) =>
        line.includes('/') &&
        !line.includes('node_modules') &&
        !line.includes('node:') &&
        !line.includes(here) &&
        !line.includes(vendored) &&
        !wrapper.test(line),
    )
    .flatMap((line) => line.match(/(?:file:\/\/)?(\/[^()]*:\d+:\d+)\)?$/)?.[1] ?? []);
}
