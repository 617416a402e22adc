import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commands, window, workspace } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';

/** @type {LanguageClient | undefined} */
let client;

/** Starts the language server when the first `.ssp` file is opened. */
export async function activate(context) {
  const start = async () => {
    await client?.stop();
    client = newClient(context);
    await client.start();
  };
  context.subscriptions.push(
    commands.registerCommand('ssp.restart', start),
    workspace.onDidChangeConfiguration((event) => {
      const needed = ['ssp.server', 'ssp.store', 'ssp.gpus'];
      if (needed.some((name) => event.affectsConfiguration(name))) void start();
    }),
    workspace.onDidGrantWorkspaceTrust(() => void start()),
  );
  try {
    await start();
  } catch (error) {
    void window.showErrorMessage(`The ssp language server did not start: ${error}`);
  }
}

export async function deactivate() {
  await client?.stop();
}

function newClient(context) {
  const settings = workspace.getConfiguration('ssp');
  const args = ['lsp'];
  for (const name of ['store', 'gpus']) {
    const value = settings.get(name);
    if (value) args.push(`--${name}`, value);
  }
  const module = serverModule(context, settings);
  const run = { module, args, transport: TransportKind.stdio };
  return new LanguageClient(
    'ssp',
    'ssp',
    { run, debug: run },
    {
      documentSelector: [{ language: 'ssp' }],
      synchronize: { configurationSection: 'ssp' },
    },
  );
}

/** The chosen server, the folder's own if the folder is trusted, else the extension's. */
function serverModule(context, settings) {
  const chosen = settings.get('server');
  if (workspace.isTrusted) {
    if (chosen) return chosen;
    for (const folder of workspace.workspaceFolders ?? []) {
      const own = join(folder.uri.fsPath, 'node_modules/ssp/dist/cli/main.js');
      if (existsSync(own)) return own;
    }
  }
  return context.asAbsolutePath('server/dist/bin/server.js');
}
