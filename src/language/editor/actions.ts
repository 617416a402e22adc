import type { Diagnostic } from '../../base/diagnostic.js';
import type { Span } from '../../base/source.js';
import { addImport } from './add-import.js';
import type { Edit } from '../../base/diagnostic.js';
import { removeUnused } from './remove-unused.js';
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
  return [...here.flatMap((d) => fixes(snapshot, d)), ...tidy(snapshot, here)];
}

/** The changes that a diagnostic's own help proposes: help and fix cannot differ. */
function fixes(snapshot: Snapshot, diagnostic: Diagnostic): readonly Action[] {
  const { code, span, help = '' } = diagnostic;
  const fix = (title: string, edits: readonly Edit[]): Action => {
    return { title, edits, diagnostic, preferred: true };
  };
  const change = (text: string) => fix(`Change to \`${text}\``, [{ span, text }]);
  if (code === 'unused') {
    const edit = removeUnused(snapshot, span);
    return edit ? [fix(`Remove \`${textAt(span)}\``, [edit])] : [];
  }
  if (code === 'stray-doc') {
    const text = textAt(span).replaceAll('///', '//');
    return [fix('Make it an ordinary comment', [{ span, text }])];
  }
  if (code === 'keyword-mismatch') {
    return [...help.matchAll(/`(\w+)`/g)].flatMap(([, word = '']) => {
      const at = keywordOf(snapshot, span);
      return at && help.startsWith('use')
        ? [{ ...fix(`Use \`${word}\``, [{ span: at, text: word }]), preferred: false }]
        : [];
    });
  }
  const elsewhere = /^`([\w.]+)` has it: `import [\w.]+\.(\w+)`$/.exec(help);
  if (elsewhere) {
    const [, module = '', name = ''] = elsewhere;
    const away = code === 'unknown-import' ? removeUnused(snapshot, span) : undefined;
    const edits = [...(away ? [away] : []), addImport(snapshot, module, name)];
    return [fix(`Import \`${name}\` from \`${module}\``, edits)];
  }
  const far = /did you mean `(\w+)` of `([\w.]+)`\?/.exec(help);
  if (far) {
    const [, name = '', module = ''] = far;
    const edits = [{ span, text: name }, addImport(snapshot, module, name)];
    return [fix(`Change to \`${name}\` of \`${module}\``, edits)];
  }
  const near = /(?:did you mean|^write) `([^`]+)`/.exec(help)?.[1];
  return near === undefined || near.includes('…') ? [] : [change(near)];
}

/** Where the keyword of the declaration around a place stands. */
function keywordOf({ module }: Snapshot, { start }: Span): Span | undefined {
  const found = module.declarations.find((d) => d.span.start <= start && start <= d.span.end);
  if (found?.kind !== 'stage') return undefined;
  const from = found.annotations.at(-1)?.span.end ?? found.span.start;
  const at = found.span.file.text.indexOf(found.keyword, from);
  return { file: found.span.file, start: at, end: at + found.keyword.length };
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
      const edit = removeUnused(snapshot, (first.as ?? first.name).span, true);
      return edit ? [edit] : [];
    }
    const span = { ...first.name.span, end: (last.as ?? last.name).span.end };
    const text = kept.map(({ name, as }) => (as ? `${name.text} as ${as.text}` : name.text));
    return [{ span, text: text.join(', ') }];
  });
}

function textAt({ file, start, end }: Span): string {
  return file.text.slice(start, end);
}
