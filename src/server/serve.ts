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
const pause = 2;
const longestPause = 100;
/** The same for documents that did not change themselves. */
const othersPause = 300;

/** Speaks the Language Server Protocol over a connection until the client ends it. */
export function serve(connection: Connection, services: Services): void {
  const workspace = openWorkspace(services.host);
  const documents = new TextDocuments(TextDocument);
  const failed = (error: unknown) => {
    connection.console.error(error instanceof Error ? (error.stack ?? error.message) : `${error}`);
  };
  const checks = background(pause, longestPause, failed);
  const others = background(othersPause, 2000, failed);
  let settings: Settings = standardSettings;
  let client: InitializeParams['capabilities'] = {};
  const refreshHints = () => {
    if (!client.workspace?.inlayHint?.refreshSupport) return;
    connection.languages.inlayHint.refresh().catch(failed);
  };
  const known = plans(workspace, services.planner, refreshHints, failed);

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
  const learnSettings = async (sent: unknown) => {
    const asked = client.workspace?.configuration === true;
    settings = readSettings(asked ? await connection.workspace.getConfiguration('ssp') : sent);
    refreshHints();
  };
  connection.onInitialized(() => {
    if (client.workspace?.didChangeWatchedFiles?.dynamicRegistration) {
      const watchers = [{ globPattern: '**/*.ssp' }, { globPattern: '**/.ssp/records/**' }];
      connection.client
        .register(DidChangeWatchedFilesNotification.type, { watchers })
        .catch(failed);
    }
    if (!client.workspace?.configuration) return;
    if (client.workspace.didChangeConfiguration?.dynamicRegistration) {
      connection.client
        .register(DidChangeConfigurationNotification.type, { section: 'ssp' })
        .catch(failed);
    }
    learnSettings(undefined).catch(failed);
  });
  connection.onDidChangeConfiguration(({ settings: sent }) => {
    learnSettings(sent).catch(failed);
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
