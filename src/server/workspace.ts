import { readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type Snapshot, snapshotOf } from '../language/editor/snapshot.js';
import type { Host } from '../language/host.js';
import { rememberingParser } from '../language/parse/parser.js';
import { pathOf } from './convert.js';

/** The open documents, and what checking them found. */
export interface Workspace {
  /** Folders that the user works in. */
  readonly folders: Set<string>;
  readonly documents: ReadonlyMap<string, TextDocument>;
  /** A document was opened or has a new text. */
  put(document: TextDocument): void;
  close(uri: string): void;
  /** Files on the disk may have changed. */
  forget(): void;
  /** The file as it is now; checked when asked for. */
  snapshot(path: string): Snapshot | undefined;
  /** Open documents that import a file, or something that was not there. */
  dependents(path: string): readonly TextDocument[];
  /** Paths of all pipelines in the folders, and of the open documents. */
  files(): readonly string[];
  /** Paths that an import in a file may name. */
  importable(from: string): readonly string[];
  /** Names of what lies in a folder, which is relative to a file; those of folders end with `/`. */
  namesIn(from: string, folder: string): readonly string[];
  /** Checked files that contain a word. */
  containing(word: string): readonly Snapshot[];
}

const skipped = new Set(['node_modules', '.git', '.ssp', 'dist']);
/** A folder with more files than this is not looked through to its end. */
const mostEntries = 20_000;
/** Names that are offered of a folder. */
const mostNames = 1000;

export function openWorkspace(disk: Host): Workspace {
  const documents = new Map<string, TextDocument>();
  const folders = new Set<string>();
  const known = new Map<
    string,
    { readonly age: number; readonly snapshot: Snapshot | undefined }
  >();
  let age = 0;
  const host: Host = {
    ...disk,
    readText: (path) => documents.get(path)?.getText() ?? disk.readText(path),
    parse: rememberingParser(),
  };

  function snapshot(path: string): Snapshot | undefined {
    const before = known.get(path);
    if (before?.age === age) return before.snapshot;
    const now = snapshotOf(host, path);
    known.set(path, { age, snapshot: now });
    return now;
  }

  function files(): readonly string[] {
    const found = new Set([...documents.keys()].filter((path) => path.endsWith('.ssp')));
    let left = mostEntries;
    const walk = (folder: string) => {
      for (const entry of entriesOf(folder)) {
        if (--left < 0) return;
        const path = join(folder, entry.name);
        if (entry.isDirectory() && !skipped.has(entry.name)) walk(path);
        else if (entry.isFile() && entry.name.endsWith('.ssp')) found.add(path);
      }
    };
    for (const folder of folders) walk(folder);
    return [...found].sort();
  }

  return {
    folders,
    documents,
    snapshot,
    dependents: (path) =>
      [...documents].flatMap(([other, document]) => {
        const last = known.get(other)?.snapshot;
        const lost = last?.diagnostics.some((d) => d.code === 'file-not-found');
        return other !== path && (lost || last?.reads.includes(path)) ? [document] : [];
      }),
    files,
    put: (document) => {
      age += 1;
      documents.set(pathOf(document.uri), document);
    },
    close: (uri) => {
      age += 1;
      documents.delete(pathOf(uri));
      known.delete(pathOf(uri));
    },
    forget: () => {
      age += 1;
    },
    importable: (from) =>
      files().flatMap((path) => {
        if (path === from) return [];
        const way = relative(dirname(from), path).replaceAll('\\', '/');
        return [way.startsWith('.') ? way : `./${way}`];
      }),
    namesIn: (from, folder) =>
      entriesOf(resolve(dirname(from), folder))
        .slice(0, mostNames)
        .filter(({ name }) => !skipped.has(name))
        .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
        .sort(),
    containing: (word) =>
      files().flatMap((path) => {
        if (!host.readText(path)?.includes(word)) return [];
        const found = snapshot(path);
        return found ? [found] : [];
      }),
  };
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // gone, or not ours to read
  }
}
