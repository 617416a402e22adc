import type { Connection, Diagnostic as LspDiagnostic } from 'vscode-languageserver/node';
import type { Snapshot } from '../language/editor/snapshot.js';
import { diagnosticOf, locationOf, pathOf, rangeOf } from './convert.js';
import type { Workspace } from './workspace.js';

/** Tells the client what is wrong with a document, for the version that was checked. */
export function publish(connection: Connection, workspace: Workspace, uri: string): void {
  const path = pathOf(uri);
  const document = workspace.documents.get(path);
  if (!document) return;
  const snapshot = workspace.snapshot(path);
  const diagnostics = snapshot ? diagnosticsOf(snapshot) : [];
  void connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics });
}

/** Those of the file itself; mistakes in files that it imports stand at its import. */
function diagnosticsOf(snapshot: Snapshot): LspDiagnostic[] {
  const { file, diagnostics, module } = snapshot;
  const own = diagnostics.filter((d) => d.span.file.path === file.path).map(diagnosticOf);
  const others = diagnostics.filter((d) => {
    return d.severity === 'error' && d.span.file.path !== file.path;
  });
  const [first] = others;
  const importing = module.declarations.find((d) => d.kind === 'import' && d.from.kind === 'file');
  if (!first || importing?.kind !== 'import' || importing.from.kind !== 'file') return own;
  const names = [...new Set(others.map((d) => d.span.file.path))].join(', ');
  const elsewhere: LspDiagnostic = {
    range: rangeOf(importing.from.span),
    severity: 1,
    source: 'ssp',
    code: first.code,
    message: `there are mistakes in ${names}`,
    relatedInformation: others.slice(0, 10).map((d) => ({
      location: locationOf(d.span),
      message: d.message,
    })),
  };
  return [...own, elsewhere];
}
