import type { Diagnostic, Edit } from '../../base/diagnostic.js';
import { removeUnused } from '../check/advice/remove-unused.js';
import type { Snapshot } from './snapshot.js';

/** A change that an editor offers. */
export interface Action {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** What it mends; none for one that tidies the file. */
  readonly diagnostic: Diagnostic | undefined;
  /** The one thing to do. */
  readonly preferred: boolean;
}

/** What can be done about the mistakes that a range touches. */
export function actions(snapshot: Snapshot, start: number, end: number): readonly Action[] {
  const { file, diagnostics } = snapshot;
  const here = diagnostics.filter(({ span }) => {
    return span.file.path === file.path && span.start <= end && start <= span.end;
  });
  const fixes = here.flatMap((diagnostic) => {
    const { fixes: all = [] } = diagnostic;
    return all.map((fix) => ({ ...fix, diagnostic, preferred: all.length === 1 }));
  });
  return [...fixes, ...tidy(snapshot, here)];
}

/** All unused imports at once, where there are several. */
function tidy(snapshot: Snapshot, here: readonly Diagnostic[]): readonly Action[] {
  const unused = (d: Diagnostic) => d.code === 'unused' && d.message.includes('imported');
  const all = snapshot.diagnostics.filter(unused);
  if (all.length < 2 || !here.some(unused)) return [];
  const edits = importsWithout(
    snapshot,
    all.map((d) => d.span.start),
  );
  return [{ title: 'Remove all unused imports', edits, diagnostic: undefined, preferred: false }];
}

/** One edit for each import that loses names. */
function importsWithout(snapshot: Snapshot, gone: readonly number[]): readonly Edit[] {
  return snapshot.module.declarations.flatMap((declaration): readonly Edit[] => {
    if (declaration.kind !== 'import') return [];
    const kept = declaration.names.filter(
      ({ name, as }) => !gone.includes((as ?? name).span.start),
    );
    const [first, last] = [declaration.names[0], declaration.names.at(-1)];
    if (kept.length === declaration.names.length || !first || !last) return [];
    if (kept.length === 0) {
      const edit = removeUnused(snapshot.module, (first.as ?? first.name).span, true);
      return edit ? [edit] : [];
    }
    const span = { ...first.name.span, end: (last.as ?? last.name).span.end };
    const text = kept.map(({ name, as }) => (as ? `${name.text} as ${as.text}` : name.text));
    return [{ span, text: text.join(', ') }];
  });
}
