import {
  type CompletionItem,
  CompletionItemKind,
  type CompletionList,
  MarkupKind,
} from 'vscode-languageserver/node';
import type { CompletionKind, Completions } from '../language/editor/completion.js';
import type { Snapshot } from '../language/editor/snapshot.js';
import { rangeOf, textEdit } from './convert.js';

const kinds: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  keyword: CompletionItemKind.Keyword,
  stage: CompletionItemKind.Function,
  value: CompletionItemKind.Constructor,
  function: CompletionItemKind.Function,
  variable: CompletionItemKind.Variable,
  param: CompletionItemKind.Constant,
  axis: CompletionItemKind.Enum,
  parameter: CompletionItemKind.Property,
  label: CompletionItemKind.EnumMember,
  choice: CompletionItemKind.EnumMember,
  field: CompletionItemKind.Field,
  unit: CompletionItemKind.Unit,
  module: CompletionItemKind.Module,
  file: CompletionItemKind.File,
  type: CompletionItemKind.Class,
  annotation: CompletionItemKind.Property,
};

/** Completions as the protocol has them, best first. */
export function completionItems(snapshot: Snapshot, found: Completions): CompletionList {
  const { start, end } = found;
  const range = rangeOf({ file: snapshot.file, start, end });
  // right behind `axis:` and `,` a space belongs
  const tight = /[:,]/.test(snapshot.file.text[start - 1] ?? '') ? ' ' : '';
  const items = found.items.map((item): CompletionItem => {
    const written = item.insert ?? item.label;
    return {
      label: item.label,
      kind: kinds[item.kind],
      sortText: String(item.rank).padStart(4, '0'),
      filterText: item.label,
      textEdit: { range, newText: item.kind === 'unit' ? written : `${tight}${written}` },
      ...(item.detail === undefined ? {} : { detail: item.detail }),
      ...(item.doc === undefined
        ? {}
        : { documentation: { kind: MarkupKind.Markdown, value: item.doc } }),
      ...(item.edits === undefined ? {} : { additionalTextEdits: item.edits.map(textEdit) }),
    };
  });
  return { isIncomplete: false, items };
}
