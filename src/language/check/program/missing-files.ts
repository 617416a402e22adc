import { dirname, isAbsolute, join } from 'node:path';

import { diagnose } from '../../../base/codes.js';
import type { Diagnostic } from '../../../base/diagnostic.js';
import { isArchive } from '../../../base/files/archive-name.js';
import type { Host } from '../../host.js';
import type { Axis, Program, Term } from '../../program.js';
import { evaluate } from '../../terms/evaluate.js';
import { fewPointsOver } from '../../terms/points-over.js';
import { childrenOf } from '../../terms/terms.js';

/** More points than this are not tried one by one; the planner reads the files anyway. */
const mostPoints = 10_000;

type KindOf = NonNullable<Host['kindOf']>;

/**
 * The files and folders that stages read and that are not there, each once where it is named first.
 * What depends on the environment is known only when the plan is made.
 */
export function missingFiles(
  stages: Iterable<Program['stages'][number]>,
  axes: ReadonlyMap<string, Axis>,
  kindOf: KindOf,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const looked = new Set<string>();
  const seen = new Set<Term>();

  function look(term: Term): void {
    if (seen.has(term)) return;
    seen.add(term);
    if (term.kind === 'file') lookAt(term);
    if (term.kind === 'if' && term.condition.dims.length === 0) {
      const condition = evaluate(term.condition, {}, axes);
      if (condition !== false) look(term.then);
      if (condition !== true) look(term.else);
    } else for (const child of childrenOf(term)) look(child);
  }

  function lookAt({ path, folder, span }: Extract<Term, { kind: 'file' }>): void {
    for (const at of fewPointsOver(path.dims, axes, mostPoints)) {
      const written = evaluate(path, at, axes);
      if (typeof written !== 'string') continue;
      const place = isAbsolute(written) ? written : join(dirname(span.file.path), written);
      const what = folder ? 'folder' : 'file';
      if (looked.has(`${what} ${place}`)) continue;
      looked.add(`${what} ${place}`);
      const kind = kindOf(place);
      if (kind === what || (folder && kind === 'file' && isArchive(place))) continue;
      const taken = folder ? '; a folder or a plain .tar archive is read' : '';
      const help = kind ? `it is a ${kind}${taken}` : pathHelp(written);
      // Data may be elsewhere; what is written beside the text belongs to it.
      if (folder && kind === undefined) {
        found.push(diagnose('folder-not-found', span, { path: place }, { help }));
      } else found.push(diagnose('file-not-found', span, { what, path: place }, { help }));
    }
  }

  for (const stage of stages) {
    for (const { call } of stage.calls) for (const arg of call.args) look(arg.value);
  }
  for (const axis of axes.values()) for (const { value } of axis.labels) look(value);
  return found;
}

/** What may be wrong with a path at which nothing is. */
function pathHelp(written: string): string | undefined {
  if (written.startsWith('~') || /\$\{?\w/.test(written)) {
    return 'a path is taken as it is written, `~` and `$NAME` too; a variable of the environment is `env.NAME`';
  }
  return isAbsolute(written) ? undefined : 'the path is relative to the file that names it';
}
