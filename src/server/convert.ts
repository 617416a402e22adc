import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Diagnostic as LspDiagnostic } from 'vscode-languageserver/node';
import {
  DiagnosticSeverity,
  type Location,
  type Range,
  type TextEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Diagnostic, Edit } from '../base/diagnostic.js';
import type { SourceFile, Span } from '../base/source.js';
import { libraryFile } from '../language/library.js';

const documents = new WeakMap<SourceFile, TextDocument>();

/** A text with the protocol's way of counting lines and characters. */
export function documentOf(file: SourceFile): TextDocument {
  const known = documents.get(file);
  if (known) return known;
  const document = TextDocument.create(uriOf(file.path), 'ssp', 0, file.text);
  documents.set(file, document);
  return document;
}

export function rangeOf({ file, start, end }: Span): Range {
  const document = documentOf(file);
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

export function locationOf(span: Span): Location {
  return { uri: uriOf(span.file.path), range: rangeOf(span) };
}

export function textEdit({ span, text }: Edit): TextEdit {
  return { range: rangeOf(span), newText: text };
}

/** Edits by document, as a workspace edit has them. */
export function changesOf(edits: readonly Edit[]): Record<string, TextEdit[]> {
  const changes: Record<string, TextEdit[]> = {};
  for (const edit of edits) {
    const uri = uriOf(edit.span.file.path);
    changes[uri] = [...(changes[uri] ?? []), textEdit(edit)];
  }
  return changes;
}

/** The path by which the compiler knows a document: that of its file, or its URI if it has none. */
export function pathOf(uri: string): string {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : uri;
  } catch {
    return uri;
  }
}

/** The URI of a path, or of a module of the library. */
function uriOf(path: string): string {
  const library = libraryFile(path);
  if (library !== undefined) return pathToFileURL(library).href;
  return /^[a-z][a-z0-9+.-]+:/i.test(path) && !/^[a-z]:[\\/]/i.test(path)
    ? path
    : pathToFileURL(path).href;
}

/** A diagnostic for the client; its help is part of the message. */
export function diagnosticOf(diagnostic: Diagnostic): LspDiagnostic {
  const { code, severity, message, span, help, related = [] } = diagnostic;
  return {
    range: rangeOf(span),
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code,
    source: 'ssp',
    message: help === undefined ? message : `${message}\n${help}`,
    ...(code === 'unused' ? { tags: [1] } : {}),
    relatedInformation: related.map((other) => ({
      location: locationOf(other.span),
      message: other.message,
    })),
  };
}
