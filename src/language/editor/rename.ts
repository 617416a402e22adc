import type { Span } from '../../base/source.js';
import type { Module, RecordEntry } from '../ast.js';
import { preludeNames } from '../check/check-prelude.js';
import type { Target } from '../check/occurrence.js';
import { declarationKeywords, operatorKeywords } from '../parse/tokens.js';
import type { Edit } from './edit.js';
import { type Reference, references } from './navigate.js';
import { eachNode } from './node-path.js';
import { declarationOf, identity, occurrenceAt, type Snapshot } from './snapshot.js';

/** What can be renamed at an offset, or why nothing can. */
export function renameable(
  snapshot: Snapshot,
  offset: number,
): { readonly span: Span; readonly target: Target } | { readonly refused: string } {
  const occurrence = occurrenceAt(snapshot, offset);
  const target = occurrence?.targets[0];
  if (!occurrence || !target) return { refused: 'there is no name here' };
  const { span } = occurrence;
  switch (target.kind) {
    case 'name':
      return { span, target };
    case 'label': {
      const own = isWord(textAt(target.label.span));
      if (!own) return { refused: `the label \`${target.label.label}\` follows from its value` };
      return { span, target };
    }
    case 'parameter':
      return { refused: `\`${target.param.name}\` is a parameter of \`${target.extern.name}\`` };
    case 'prelude':
      return { refused: `\`${target.name}\` is built in` };
    default:
      return { refused: 'only declared names and labels can be renamed' };
  }
}

/**
 * The edits that rename what stands at an offset, in all of the files; or why that cannot be. Short
 * forms keep their meaning: `{gain}` becomes `{gain: better}`. A name from the standard library gets
 * an `as` in this file.
 */
export function rename(
  snapshot: Snapshot,
  offset: number,
  to: string,
  files: readonly Snapshot[],
): readonly Edit[] | { readonly refused: string } {
  const found = renameable(snapshot, offset);
  if ('refused' in found) return found;
  const bad = badName(to, found.target.kind === 'label');
  if (bad !== undefined) return { refused: bad };
  const { target } = found;
  if (target.kind === 'label') {
    const taken = target.axis.labels.some(({ label }) => label === to);
    if (taken) return { refused: `axis \`${target.axis.name}\` already has the label \`${to}\`` };
    return relabel(references(files, target), to);
  }
  if (target.kind !== 'name') return { refused: 'only names can be renamed' };
  const declared = declarationOf(target.symbol);
  const editable = files.some(({ file }) => file.path === declared.name.span.file.path);
  const scope = editable ? files : [snapshot];
  const uses = references(scope, target);
  const collision = uses
    .map((use) => use.snapshot)
    .find((file) => clashes(file, to, identity(target)));
  if (collision) return { refused: `\`${to}\` is declared in ${collision.file.path} already` };
  if (!editable && declared === target.symbol && target.symbol.imported === undefined) {
    return { refused: `\`${declared.name.text}\` is declared in ${declared.name.span.file.path}` };
  }
  return uses.flatMap((use) => renameUse(use, to, editable, files));
}

function clashes(file: Snapshot, to: string, own: string): boolean {
  const other = file.open.symbols.find(({ name }) => name.text === to);
  return other !== undefined && identity({ kind: 'name', symbol: other }) !== own;
}

function badName(to: string, label: boolean): string | undefined {
  if (!isWord(to)) return `\`${to}\` is no name: letters, digits and \`_\`, no digit first`;
  if (label) return to === 'else' ? '`else` cannot be a label here' : undefined;
  const keywords: readonly string[] = [...declarationKeywords, ...operatorKeywords];
  if (keywords.includes(to)) return `\`${to}\` is a keyword and cannot be a name`;
  return preludeNames.includes(to) ? `\`${to}\` is built in and cannot be declared` : undefined;
}

function renameUse(
  { span, snapshot, occurrence }: Reference,
  to: string,
  editable: boolean,
  files: readonly Snapshot[],
): readonly Edit[] {
  const name = textAt(span);
  const form = formOf(snapshot.module, span);
  if (form === 'import') return [{ span, text: editable ? to : `${name} as ${to}` }];
  if (form === 'shorthand') return [{ span, text: `${name}: ${to}` }];
  // a name that stands in a list of axis values is its own label
  const labels = occurrence.targets.filter((target) => target.kind === 'label');
  const own = labels.filter(({ label }) => label.span.start === span.start);
  const followers = own.flatMap((target) =>
    references(files, target).filter((use) => use.span.start !== span.start),
  );
  return [{ span, text: to }, ...relabel(followers, to)];
}

function relabel(uses: readonly Reference[], to: string): readonly Edit[] {
  return uses.map(({ span, snapshot }) => {
    const text = textAt(span);
    const form = formOf(snapshot.module, span);
    if (form === 'shorthand') return { span, text: `${to}: ${text}` };
    return { span, text: text.startsWith('"') ? JSON.stringify(to) : to };
  });
}

/** Whether a name stands for itself twice: `{gain}`, `epochs` among named arguments; or in an import. */
function formOf(module: Module, span: Span): 'plain' | 'shorthand' | 'import' {
  const declaration = module.declarations.find(
    (d) => d.span.start <= span.start && span.end <= d.span.end,
  );
  if (declaration?.kind === 'import') {
    const entry = declaration.names.find(({ name }) => name.span.start === span.start);
    return entry && !entry.as ? 'import' : 'plain';
  }
  let shorthand = false;
  eachNode(declaration, (node) => {
    if (!('shorthand' in node) || node.span.start !== span.start) return;
    const { shorthand: short } = node as unknown as Pick<RecordEntry, 'shorthand'>; // it has one
    if (short && node.span.end === span.end) shorthand = true;
  });
  return shorthand ? 'shorthand' : 'plain';
}

function textAt({ file, start, end }: Span): string {
  return file.text.slice(start, end);
}

const isWord = (text: string) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
