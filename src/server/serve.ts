import {
  CodeActionKind,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { tokenModifiers, tokenTypes } from '../language/editor/semantic-tokens.js';
import { background } from './background.js';
import { pathOf } from './convert.js';
import { plans } from './plans.js';
import { publish } from './publish.js';
import { answerReading } from './reading.js';
import type { Services } from './services.js';
import { readSettings, type Settings, standardSettings } from './settings.js';
import { answerStructure } from './structure.js';
import { openWorkspace } from './workspace.js';
import { answerWriting } from './writing.js';

/** Milliseconds between the last change of a document and its check, and the most between checks. */
const pause = 5;
const longestPause = 100;
/** The same for documents that did not change themselves. */
const othersPause = 300;

/** Speaks the Language Server Protocol over a connection until the client ends it. */
export function serve(connection: Connection, services: Services): void {
  const workspace = openWorkspace(services.host);
  const documents = new TextDocuments(TextDocument);
  const checks = background(pause, longestPause);
  const others = background(othersPause, 2000);
  let settings: Settings = standardSettings;
  let client: InitializeParams['capabilities'] = {};
  const known = plans(workspace, services.planner, () => {
    if (client.workspace?.inlayHint?.refreshSupport) void connection.languages.inlayHint.refresh();
  });

  const check = (uri: string) => {
    checks.soon(uri, () => publish(connection, workspace, uri));
    known.refresh(pathOf(uri));
  };
  const checkDependents = (uri: string) => {
    others.soon(uri, () => {
      for (const document of workspace.dependents(pathOf(uri))) check(document.uri);
    });
  };

  connection.onInitialize((params) => {
    client = params.capabilities;
    settings = readSettings(params.initializationOptions);
    const { workspaceFolders, rootUri } = params;
    const roots = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : []);
    for (const root of roots) workspace.folders.add(pathOf(root));
    return capabilities(services.version);
  });
  connection.onInitialized(async () => {
    if (client.workspace?.didChangeWatchedFiles?.dynamicRegistration) {
      const watchers = [{ globPattern: '**/*.ssp' }, { globPattern: '**/.ssp/records/**' }];
      void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
    if (!client.workspace?.configuration) return;
    if (client.workspace.didChangeConfiguration?.dynamicRegistration) {
      void connection.client.register(DidChangeConfigurationNotification.type, { section: 'ssp' });
    }
    settings = readSettings(await connection.workspace.getConfiguration('ssp'));
  });
  connection.onDidChangeConfiguration(async ({ settings: sent }) => {
    settings = client.workspace?.configuration
      ? readSettings(await connection.workspace.getConfiguration('ssp'))
      : readSettings(sent);
    if (client.workspace?.inlayHint?.refreshSupport) void connection.languages.inlayHint.refresh();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    workspace.forget();
    for (const { uri } of changes) if (uri.endsWith('.ssp')) checkDependents(uri);
    known.refreshAll();
  });
  connection.onNotification('workspace/didChangeWorkspaceFolders', ({ event }) => {
    for (const { uri } of event.added) workspace.folders.add(pathOf(uri));
    for (const { uri } of event.removed) workspace.folders.delete(pathOf(uri));
  });

  documents.onDidChangeContent(({ document }) => {
    workspace.put(document);
    check(document.uri);
    checkDependents(document.uri);
  });
  documents.onDidSave(({ document }) => known.refresh(pathOf(document.uri)));
  documents.onDidClose(({ document: { uri } }) => {
    checks.cancel(uri);
    workspace.close(uri);
    known.forget(pathOf(uri));
    void connection.sendDiagnostics({ uri, diagnostics: [] });
    checkDependents(uri);
  });
  connection.onShutdown(() => {
    checks.stop();
    others.stop();
    known.stop();
  });

  answerReading(connection, workspace, known.statesOf);
  answerWriting(connection, workspace, known.statesOf, () => settings);
  answerStructure(connection, workspace);
  documents.listen(connection);
  connection.listen();
}

function capabilities(version: string): InitializeResult {
  return {
    serverInfo: { name: 'ssp', version },
    capabilities: {
      textDocumentSync: {
        openClose: true,
        change: TextDocumentSyncKind.Incremental,
        save: { includeText: false },
      },
      completionProvider: { triggerCharacters: ['.', '[', '(', '{', ':', ',', '"', '@'] },
      hoverProvider: true,
      definitionProvider: true,
      referencesProvider: true,
      documentHighlightProvider: true,
      renameProvider: { prepareProvider: true },
      documentSymbolProvider: true,
      workspaceSymbolProvider: true,
      foldingRangeProvider: true,
      documentFormattingProvider: true,
      codeActionProvider: {
        codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.SourceOrganizeImports],
      },
      signatureHelpProvider: { triggerCharacters: ['(', ','], retriggerCharacters: [':'] },
      inlayHintProvider: true,
      semanticTokensProvider: {
        legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
        full: true,
      },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}
