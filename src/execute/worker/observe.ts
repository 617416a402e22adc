import processes from 'node:child_process';
import fs from 'node:fs';
import Module, { register, syncBuiltinESMExports } from 'node:module';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  BroadcastChannel,
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
} from 'node:worker_threads';
import { homeFolder } from '../../base/account.js';
import { isNoContent } from '../../base/files/not-content.js';
import { statsAt } from '../../base/files/stats-at.js';
import { ownCode } from '../../base/own-code.js';
import { importCandidates, isScript, relativeImports } from '../../base/relative-imports.js';
import { after, before, pathOf, stampOf, type Touch, watchFileCalls } from './file-calls.js';
import type { Resolution } from './import-hooks.js';
import { THREADS, type ThreadTouch, watchThreads } from './observe-thread.js';
import { nearestPackage, RESOLUTION, seenAt, seenFolder } from './seen-files.js';

/** What stands for the content of a file that was another one when it was looked at again. */
const CHANGED = 'changed while it was read';

/** What a module has looked at so far. */
export interface Observation {
  /** By path from the folder of the module, what lay there when it was looked at first, or CHANGED. */
  readonly files: () => ReadonlyMap<string, string>;
  /** The SHA-256 of what was imported, as it was imported, by path without links. */
  readonly imported: () => ReadonlyMap<string, string>;
}

export interface ObserveOptions {
  /** The module, before links. */
  readonly module: string;
  /** Files and folders that are in the key as they are. */
  readonly inKey: readonly string[];
  /** Folders whose content is none of the user's: the store. */
  readonly without: readonly string[];
}

/** Watches, from now on, what a module in this process imports and reads. One module a process. */
export type Observe = (options: ObserveOptions) => Observation;

/** Files up to this size are read when they are looked at, larger ones at the end. Bytes. */
const AT_ONCE = 4 << 20;

/** Below these lies the machine, not the experiment. */
const machine = [
  ...['/proc', '/sys', '/dev', '/etc', '/usr', '/bin', '/sbin', '/lib', '/lib64'],
  dirname(dirname(process.execPath)),
];

/** What starts a program: the files among its arguments are seen, what the program reads is not. */
const starts = ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'];

export const observe: Observe = ({ module, inKey, without }) => {
  const folder = seenFolder(module);
  const written = resolve(dirname(module));
  const ours = fileURLToPath(ownCode);
  const home = homeFolder();
  const stores = without.flatMap((path) => [resolve(path), realOf(path)]);
  const states = new Map<string, string>();
  const later = new Map<string, string>();
  const stamps = new Map<string, string>();
  const imported = new Map<string, string>();
  const own = new Set<string>();
  let busy = false;

  /** A path as it is named from the folder of the module, however that was reached. */
  const placed = (path: string): string => {
    const absolute = resolve(path);
    return isBelow(absolute, written) ? join(folder, relative(written, absolute)) : absolute;
  };
  const known = new Set(inKey.map(placed));
  const inData = (path: string): boolean =>
    [...known].some((other) => path !== other && isBelow(path, other));
  /** Is it the user's, and neither of a package nor of the machine? */
  const counts = (path: string): boolean => {
    if (stores.some((store) => isBelow(path, store))) return false;
    if (isBelow(path, folder)) return !inPackage(relative(folder, path));
    const hidden =
      home !== undefined && isBelow(path, home) && relative(home, path).startsWith('.');
    return !hidden && !inPackage(path) && ![ours, ...machine].some((other) => isBelow(path, other));
  };
  const quietly = (look: () => void): void => {
    if (busy) return;
    busy = true;
    try {
      takeImports();
      takeTouches();
      look();
    } finally {
      busy = false;
    }
  };

  /** Enters what lies at a path, links on the way to it too. */
  const see = (path: string): void => {
    const at = placed(path);
    if (!counts(at) || own.has(at) || isNoContent(basename(at)) || inData(at)) return;
    const real = realOf(at);
    if (real !== at) {
      seeLink(at, real);
      see(real);
    }
    if (real !== at || known.has(at)) return;
    const stamp = stampOf(at);
    const before = stamps.get(at);
    // What was not there is made by the stage itself.
    if (before === 'absent' && stamp !== 'absent') own.add(at);
    else if (before !== undefined && before !== stamp) states.set(at, CHANGED);
    if (before !== undefined || states.has(at)) return;
    stamps.set(at, stamp);
    if (Number.parseInt(stamp, 10) > AT_ONCE) later.set(at, stamp);
    else states.set(at, seenAt(folder, relative(folder, at)));
  };
  const seeLink = (at: string, real: string): void => {
    if (!states.has(at)) states.set(at, `-> ${relative(folder, real)}`);
  };
  /** Enters a module as it was imported. */
  const seeModule = (path: string, state: string): void => {
    const before = imported.get(path);
    imported.set(path, before === undefined || before === state ? state : CHANGED);
    if (!known.has(path) && counts(path)) states.set(path, imported.get(path) ?? state);
  };
  const seeResolution = (file: string): void => {
    const found = nearestPackage(file);
    if (found === undefined || !counts(found)) return;
    const path = `${found}${RESOLUTION}`;
    if (!states.has(path)) states.set(path, seenAt(folder, relative(folder, path)));
  };
  /** An installed package counts by its package.json, which names its version. */
  const seePackage = (file: string): void => {
    const [, path] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
    const description = path && join(path, 'package.json');
    if (!description || isBelow(description, ours) || states.has(description)) return;
    states.set(description, seenAt(folder, relative(folder, description)));
  };
  const seeImport = (
    asked: string | undefined,
    from: string | undefined,
    to: string | undefined,
    state?: string,
  ): void => {
    if (from === undefined || !counts(from)) {
      // The module itself, which ssp imports.
      if (to === realOf(module) && state !== undefined) seeModule(to, state);
      return;
    }
    if (to === undefined) {
      if (asked !== undefined) see(asked);
      return;
    }
    const at = asked === undefined ? to : placed(asked);
    if (at !== to && realOf(at) === to && counts(at)) seeLink(at, to);
    if (inPackage(to)) seePackage(to);
    else seeModule(to, state ?? seenAt('/', to));
    if (asked === undefined && !inPackage(to)) seeResolution(from);
    if (extname(to) === '.js') seeResolution(to);
  };
  const seeTree = (path: string, files: boolean): void => {
    see(path);
    if (!statsAt(path)?.isDirectory()) return;
    for (const entry of fs.readdirSync(path, { withFileTypes: true })) {
      if (isNoContent(entry.name)) continue;
      if (files || entry.isDirectory()) seeTree(join(path, entry.name), files);
    }
  };

  /** What another thread or process of Node runs: with what its text imports. */
  const seeScript = (path: string, above: readonly string[] = []): void => {
    see(path);
    if (!isScript(path) || above.includes(path) || !counts(placed(path))) return;
    for (const written of relativeImports(fs.readFileSync(path, 'utf8'))) {
      const target = importCandidates(join(dirname(path), written)).find(isFile);
      if (target !== undefined) seeScript(target, [...above, path]);
    }
  };

  const { port1, port2 } = new MessageChannel();
  register(new URL('./import-hooks.js', import.meta.url), {
    data: { port: port2 },
    transferList: [port2],
  });
  port1.unref();
  const channel = new BroadcastChannel(THREADS);
  channel.unref();
  // Node takes one here too; its types do not say so.
  const ofThreads = channel as unknown as MessagePort;
  const takeTouch = (told: ThreadTouch): void => {
    touch(told);
    const at = placed(told.path);
    if (told.how === 'look' && states.has(at) && stampOf(at) !== told.stamp) {
      states.set(at, CHANGED);
    }
  };
  channel.onmessage = ({ data }) => quietly(() => takeTouch(data as ThreadTouch));
  const takeTouches = (): void => {
    for (let next = receiveMessageOnPort(ofThreads); next; next = receiveMessageOnPort(ofThreads)) {
      takeTouch(next.message as ThreadTouch);
    }
  };
  const takeImports = (): void => {
    for (let next = receiveMessageOnPort(port1); next; next = receiveMessageOnPort(port1)) {
      const { specifier, parent, url, state } = next.message as Resolution;
      const from = parent?.startsWith('file:') ? fileURLToPath(parent) : undefined;
      const to = url?.startsWith('file:') ? fileURLToPath(url) : undefined;
      seeImport(from && fileOf(specifier, from), from, to, state);
    }
  };

  after(Module, '_resolveFilename', ([request, parent], found) => {
    const from = (parent as { filename?: string } | undefined)?.filename;
    if (typeof request !== 'string' || typeof from !== 'string') return;
    const to = typeof found === 'string' && found.startsWith('/') ? found : undefined;
    quietly(() => {
      const relative = /^(\.{0,2}\/|\.{1,2}$)/.test(request);
      const asked = relative ? resolve(dirname(from), request) : undefined;
      seeImport(asked, from, to);
      if (asked === undefined || asked === to || !counts(from)) return;
      // What `require` tries before it finds something.
      const tried = ['.js', '.json', '.node'].map((ending) => `${asked}${ending}`);
      for (const path of tried.slice(0, Math.max(0, tried.indexOf(to ?? '')))) see(path);
      if (statsAt(asked)?.isDirectory()) {
        seeResolution(join(asked, 'package.json'));
      }
    });
  });
  const touch = ({ path, how }: Touch): void => {
    if (how === 'write') for (const at of [placed(path), realOf(placed(path))]) own.add(at);
    else if (how === 'look') see(path);
    else seeTree(path, how === 'files');
  };
  watchFileCalls((touches) => quietly(() => touches().forEach(touch)));
  for (const name of starts) {
    before(processes, name, (args) => {
      const options = args.find((arg) => Reflect.get(Object(arg), 'cwd') !== undefined);
      const cwd = pathOf(Reflect.get(Object(options), 'cwd')) ?? process.cwd();
      const texts = args.flat().filter((arg) => typeof arg === 'string');
      const words = texts.flatMap((text) => [text, ...text.split(/[\s'"=]+/)]);
      quietly(() => {
        for (const word of words) {
          const path = resolve(cwd, word);
          if (word !== '' && isFile(path)) seeScript(path);
        }
      });
    });
  }
  watchThreads((path) => {
    quietly(() => seeScript(path));
    return !isBelow(resolve(path), ours);
  });
  syncBuiltinESMExports();
  quietly(() => {
    const real = realOf(module);
    if (placed(module) !== real) seeLink(placed(module), real);
    if (extname(real) === '.js') seeResolution(real);
  });

  return {
    imported: () => {
      quietly(() => {});
      return imported;
    },
    files: () => {
      quietly(() => {
        for (const [path, stamp] of later) {
          const state = seenAt(folder, relative(folder, path));
          states.set(path, stampOf(path) === stamp ? state : CHANGED);
        }
        later.clear();
      });
      const kept = [...states].filter(([path]) => !own.has(path));
      return new Map(kept.map(([path, state]) => [relative(folder, path), state]));
    },
  };
};

const isFile = (path: string): boolean => statsAt(path)?.isFile() === true;

const inPackage = (path: string): boolean => path.split(sep).includes('node_modules');

const isBelow = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);

/** A path without links; itself where there is nothing. */
function realOf(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** The file that a relative or absolute specifier names; undefined for a package and the like. */
function fileOf(specifier: string, from: string): string | undefined {
  if (specifier.startsWith('file:')) return fileURLToPath(specifier);
  if (!/^(\.{0,2}\/|\.{1,2}$)/.test(specifier)) return undefined;
  const url = new URL(specifier, `file://${from.replaceAll(/[%?#]/g, encodeURIComponent)}`);
  return fileURLToPath(url);
}
