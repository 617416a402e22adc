import {
  type Connection,
  type DocumentSymbol,
  FoldingRangeKind,
  SemanticTokensBuilder,
  SymbolKind,
} from 'vscode-languageserver/node';
import { folding } from '../language/editor/folding.js';
import { semanticTokens, tokenModifiers, tokenTypes } from '../language/editor/semantic-tokens.js';
import { type SymbolEntry, symbols } from '../language/editor/symbols.js';
import { format } from '../language/format/format.js';
import { documentOf, locationOf, rangeOf } from './convert.js';
import { fileOf } from './request.js';
import type { Workspace } from './workspace.js';

const kinds: Readonly<Record<SymbolEntry['kind'], SymbolKind>> = {
  module: SymbolKind.Module,
  value: SymbolKind.Variable,
  axis: SymbolKind.Enum,
  stage: SymbolKind.Function,
  report: SymbolKind.Object,
  claim: SymbolKind.Boolean,
  function: SymbolKind.Method,
};

/** Answers about a file as a whole: its outline, folds, colours and layout. */
export function answerStructure(connection: Connection, workspace: Workspace): void {
  connection.onDocumentSymbol((params) => {
    const snapshot = fileOf(workspace, params);
    return snapshot ? symbols(snapshot.module).map(documentSymbol) : null;
  });
  connection.onWorkspaceSymbol(({ query }) => {
    const wanted = query.toLowerCase();
    return workspace.containing('').flatMap(({ module }) =>
      symbols(module).flatMap((entry) => {
        if (!entry.name.toLowerCase().includes(wanted)) return [];
        return [{ name: entry.name, kind: kinds[entry.kind], location: locationOf(entry.at) }];
      }),
    );
  });
  connection.onFoldingRanges((params) => {
    const snapshot = fileOf(workspace, params);
    if (!snapshot) return null;
    return folding(snapshot).map(({ first, last, kind }) => ({
      startLine: first - 1,
      endLine: last - 1,
      kind: foldKinds[kind],
    }));
  });
  connection.languages.semanticTokens.on((params) => {
    const snapshot = fileOf(workspace, params);
    const builder = new SemanticTokensBuilder();
    const document = snapshot && documentOf(snapshot.file);
    for (const token of snapshot ? semanticTokens(snapshot) : []) {
      const at = document?.positionAt(token.start) ?? { line: 0, character: 0 };
      const bits = token.modifiers.reduce((sum, m) => sum | (1 << tokenModifiers.indexOf(m)), 0);
      const type = tokenTypes.indexOf(token.type);
      builder.push(at.line, at.character, token.end - token.start, type, bits);
    }
    return builder.build();
  });
  connection.onDocumentFormatting((params) => {
    const snapshot = fileOf(workspace, params);
    if (!snapshot) return null;
    const { file } = snapshot;
    const { text, diagnostics } = format(file);
    if (diagnostics.length > 0 || text === file.text) return [];
    return [{ range: rangeOf({ file, start: 0, end: file.text.length }), newText: text }];
  });
}

const foldKinds = {
  imports: FoldingRangeKind.Imports,
  comment: FoldingRangeKind.Comment,
  region: FoldingRangeKind.Region,
} as const;

function documentSymbol(entry: SymbolEntry): DocumentSymbol {
  return {
    name: entry.name === '' ? '(unnamed)' : entry.name,
    detail: entry.detail,
    kind: kinds[entry.kind],
    range: rangeOf(entry.span),
    selectionRange: rangeOf(entry.at),
    children: entry.children.map(documentSymbol),
  };
}
