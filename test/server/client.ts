import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import {
  type CompletionList,
  createProtocolConnection,
  type InitializeResult,
  type Position,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
} from 'vscode-languageserver/node';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** A text with `<|>` where the cursor is. */
export interface Marked {
  readonly text: string;
  readonly at: Position;
}

/** Takes the `<|>` out of a text. */
export function marked(source: string): Marked {
  const offset = source.indexOf('<|>');
  const text = source.replace('<|>', '');
  return { text, at: positionAt(text, Math.max(0, offset)) };
}

export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

export function offsetAt(text: string, { line, character }: Position): number {
  const before = text.split('\n').slice(0, line);
  return before.reduce((sum, l) => sum + l.length + 1, 0) + character;
}

/** A text after edits. */
export function applied(text: string, edits: readonly TextEdit[]): string {
  return [...edits]
    .sort((a, b) => offsetAt(text, b.range.start) - offsetAt(text, a.range.start))
    .reduce((now, { range, newText }) => {
      return (
        now.slice(0, offsetAt(text, range.start)) + newText + now.slice(offsetAt(text, range.end))
      );
    }, text);
}

/** A client of the built server, and the folder that it has open. */
export interface Client {
  readonly folder: string;
  readonly process: ChildProcessWithoutNullStreams;
  readonly connection: ProtocolConnection;
  readonly server: InitializeResult;
  uri(name: string): string;
  /** Opens a document, on the disk or not. */
  open(name: string, text: string): Promise<void>;
  /** Changes a document as a whole. */
  change(name: string, text: string): Promise<void>;
  /** What is wrong with the version of a document that was sent last. */
  diagnostics(name: string): Promise<PublishDiagnosticsParams>;
  ask<T>(method: string, name: string, rest?: object): Promise<T>;
  /** Opens a marked text and asks about its cursor. */
  at<T>(method: string, source: string, rest?: object): Promise<T>;
  complete(source: string): Promise<CompletionList>;
  /** Waits for the next time the server asks to show inlay hints anew. */
  hintsChanged(): Promise<void>;
  /** Codes of what was published last. */
  published(name: string): readonly unknown[] | undefined;
  publishedAt(uri: string): readonly unknown[] | undefined;
  /** The version of each document that was sent last. */
  readonly versions: Map<string, number>;
  stop(): void;
}

export interface ClientOptions {
  /** Files by name, written before the server starts. */
  readonly files?: Readonly<Record<string, string>>;
  readonly settings?: object;
  readonly env?: Readonly<Record<string, string>>;
  /** The server's file and its arguments, if not those of the built `ssp`. */
  readonly command?: readonly string[];
}

/** Starts the server in a fresh folder, for one test. */
export async function startClient(options: ClientOptions = {}): Promise<Client> {
  const client = await start(options);
  onTestFinished(client.stop);
  return client;
}

/** One server for all tests of a file. */
export function sharedClient(options: ClientOptions = {}): () => Client {
  let client: Client | undefined;
  beforeAll(async () => {
    client = await start(options);
  });
  afterAll(() => client?.stop());
  return () => {
    if (!client) throw new Error('the server is started before the tests');
    return client;
  };
}

/** Shakes hands with a server. */
async function start(options: ClientOptions): Promise<Client> {
  const folder = mkdtempSync(join(tmpdir(), 'ssp-test-'));
  for (const [name, text] of Object.entries(options.files ?? {})) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const child = spawn(process.execPath, options.command ?? [main, 'lsp', '--stdio'], {
    cwd: folder,
    env: { ...process.env, SSP_STORE: '', ...options.env },
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const versions = new Map<string, number>();
  const published = new Map<string, PublishDiagnosticsParams>();
  const waiting: (() => void)[] = [];
  const refreshed: (() => void)[] = [];
  connection.onNotification('textDocument/publishDiagnostics', (p: PublishDiagnosticsParams) => {
    published.set(p.uri, p);
    for (const wake of waiting.splice(0)) wake();
  });
  connection.onRequest('workspace/configuration', () => [options.settings ?? null]);
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('workspace/inlayHint/refresh', () => {
    for (const wake of refreshed.splice(0)) wake();
    return null;
  });
  let dead: Error | undefined;
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  child.on('exit', (code) => {
    dead = new Error(`the server ended with ${code}: ${said}`);
    for (const wake of waiting.splice(0)) wake();
    connection.dispose();
  });
  connection.listen();
  const uri = (name: string) => pathToFileURL(join(folder, name)).href;
  const server = await connection.sendRequest<InitializeResult>('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'test' }],
    capabilities: {
      workspace: {
        configuration: true,
        inlayHint: { refreshSupport: true },
        didChangeWatchedFiles: { dynamicRegistration: true },
      },
    },
  });
  await connection.sendNotification('initialized', {});

  const client: Client = {
    folder,
    process: child,
    connection,
    server,
    uri,
    async open(name, text) {
      versions.set(name, 1);
      const textDocument = { uri: uri(name), languageId: 'ssp', version: 1, text };
      await connection.sendNotification('textDocument/didOpen', { textDocument });
    },
    async change(name, text) {
      const version = (versions.get(name) ?? 0) + 1;
      versions.set(name, version);
      await connection.sendNotification('textDocument/didChange', {
        textDocument: { uri: uri(name), version },
        contentChanges: [{ text }],
      });
    },
    async diagnostics(name) {
      for (;;) {
        const found = published.get(uri(name));
        if (found && found.version === versions.get(name)) return found;
        if (dead) throw dead;
        await new Promise<void>((wake) => waiting.push(wake));
      }
    },
    ask: (method, name, rest = {}) =>
      connection.sendRequest(method, { textDocument: { uri: uri(name) }, ...rest }),
    async at(method, source, rest = {}) {
      const { text, at } = marked(source);
      if (versions.has('at.ssp')) await client.change('at.ssp', text);
      else await client.open('at.ssp', text);
      return client.ask(method, 'at.ssp', { position: at, ...rest });
    },
    complete: (source) => client.at('textDocument/completion', source),
    hintsChanged: () => new Promise((wake) => refreshed.push(wake)),
    published: (name) => client.publishedAt(uri(name)),
    publishedAt: (at) => published.get(at)?.diagnostics.map((d) => d.code),
    versions,
    stop: () => {
      connection.dispose();
      child.kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  return client;
}
