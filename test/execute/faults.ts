import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, relative } from 'node:path';
import { expect } from 'vitest';
import { fileHost } from '../../src/cli/study/file-host.js';
import { collect } from '../../src/execute/care/collect.js';
import { garbageOf } from '../../src/execute/care/garbage.js';
import { takeInventory } from '../../src/execute/care/inventory.js';
import { needsOf } from '../../src/execute/care/needs.js';
import { verify } from '../../src/execute/care/verify.js';
import { onMachine } from '../../src/execute/local/local-executor.js';
import type { Attempting } from '../../src/execute/schedule/executor.js';
import { run } from '../../src/execute/schedule/run.js';
import { type Disk, worldError } from '../../src/execute/store/disk.js';
import { keysOfRoot, rootsOf } from '../../src/execute/store/roots.js';
import { Store } from '../../src/execute/store/store.js';
import type { StageWork } from '../../src/execute/task.js';
import { execStage } from '../../src/execute/worker/exec-stage.js';
import { compile } from '../../src/language/compile.js';
import type { Stage } from '../../src/language/program.js';
import { fileTerm, from, literal, num, program, stage } from '../plan/program-of.js';
import { work } from './fake-stages.js';
import { cpu, quickDisk } from './lab.js';

/**
 * What happens at one operation of the disk. `kill`: a write is half done, and no operation comes
 * behind it; `short`: half of a write is done, and then the disk is full.
 */
export type How = 'kill' | 'short' | 'ENOSPC' | 'EACCES' | 'EIO';
export const hows: readonly How[] = ['kill', 'short', 'ENOSPC', 'EACCES', 'EIO'];

export interface Fault {
  /** The operation, from 1. */
  readonly at: number;
  readonly how: How;
}

class Killed extends Error {}

/** A disk that counts its operations, and at which one of them goes wrong. */
export function faultyDisk(fault?: Fault): {
  readonly disk: Disk;
  readonly operations: readonly string[];
} {
  const operations: string[] = [];
  const half = (name: string, args: readonly unknown[]): void => {
    const [a, b] = args;
    if (name === 'write') {
      const bytes = Buffer.from(b as string | Buffer);
      try {
        writeFileSync(a as string, bytes.subarray(0, bytes.length >> 1), { flag: 'wx' });
      } catch {
        // There is no folder yet, or a file of that name: nothing is written.
      }
    }
    if (name === 'copy') {
      copyFileSync(a as string, b as string);
      truncateSync(b as string, 1000);
    }
  };
  let dead = false;
  const faulty =
    (name: keyof Disk) =>
    (...args: readonly unknown[]) => {
      if (dead) throw new Killed();
      operations.push(name);
      if (operations.length === fault?.at) {
        const { how } = fault;
        if (how === 'kill' || how === 'short') half(name, args);
        if (how === 'kill') {
          dead = true;
          throw new Killed();
        }
        const code = how === 'short' ? 'ENOSPC' : how;
        const path = String(args[0]);
        throw worldError(path, Object.assign(new Error(`${code}: ${name} '${path}'`), { code }));
      }
      const act = quickDisk[name] as (...all: readonly unknown[]) => unknown;
      return act(...args);
    };
  const names = Object.keys(quickDisk) as (keyof Disk)[];
  const disk = Object.fromEntries(names.map((name) => [name, faulty(name)])) as unknown as Disk;
  return { disk, operations };
}

/** Does the operation write, so that half of it can be done? */
export const canBeHalf = (operation: string): boolean => ['write', 'copy'].includes(operation);

/**
 * A small study: stages of the library, whose files are moved, one of them a training that keeps epochs,
 * and of the user's own, which are copied.
 */
export function study(at: string): void {
  writeFileSync(join(at, 'list.csv'), 'a,b');
  writeFileSync(join(at, 'own.mjs'), '');
  // Digests of younger files are not remembered, so that runs would differ in their operations.
  const then = new Date(Date.now() - 60_000);
  for (const name of ['list.csv', 'own.mjs']) utimesSync(join(at, name), then, then);
  writeFileSync(
    join(at, 'own.ssp'),
    `extern stage grow(list: Path) -> Files from "./own.mjs"
extern stage measure(of: Files) -> Metrics{top1: Fraction} from "./own.mjs"
dataset grown = grow(file("list.csv"))
evaluate measured = measure(grown)
`,
  );
}

function programs(at: string) {
  const source = stage('source', 'Images', { list: fileTerm(literal(join(at, 'list.csv'))) });
  const reader = stage('reader', 'Metrics', { of: from(source), k: num(3) });
  const { program: own } = compile(fileHost({ cwd: at }), 'own.ssp');
  if (!own) throw new Error('the study has mistakes');
  return [program({ stages: [source, reader, keeping(stage('trained', 'Files', {}))] }), own];
}

/** A training of three epochs that keeps the first two. */
const keeping = (training: Stage): Stage => ({
  ...training,
  calls: training.calls.map(({ when, call }) => ({
    when,
    call: { ...call, keep: { epochs: [1, 2], length: num(3) } },
  })),
});

/** Writes a checkpoint after each epoch in the place of the one before, as trainings do. */
const training: StageWork = async ({ checkpoint, kept, out }) => {
  const path = join(checkpoint, 'checkpoint.safetensors');
  for (const epoch of [1, 2, 3]) {
    writeFileSync(`${path}.new`, `epoch ${epoch}`);
    renameSync(`${path}.new`, path);
    if (kept?.wanted.includes(epoch)) kept.keep(epoch, path);
  }
  writeFileSync(join(out, 'weights.txt'), 'trained');
  return {};
};

/** Larger than what is read at once. */
const LARGE = 'x'.repeat((1 << 20) + 10);

function attempting(store: Store): Attempting {
  return async ({ task, log }) => {
    try {
      const { outcome } = await execStage({
        key: task.key,
        store,
        loadStage: async (_, code) =>
          code === undefined
            ? task.keep
              ? training
              : work
            : async ({ out, result, record, layOut }) => {
                if (result !== 'Metrics') {
                  writeFileSync(join(out, 'large.txt'), LARGE);
                  writeFileSync(join(out, 'small.txt'), 'small');
                  return {};
                }
                const { of } = record.params as { of: { artifact: string } };
                const folder = await layOut(of.artifact, 'of');
                appendFileSync(join(folder, 'mine.txt'), 'mine');
                const size = readFileSync(join(folder, 'large.txt')).length;
                return { metrics: { top1: 1 / size } };
              },
      });
      return { kind: 'done', outcome };
    } catch (error) {
      const { message } = error as Error;
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'stage-error';
      return { kind: 'failed', failure: { code, message, retry: false, log } };
    }
  };
}

export interface Ran {
  /** Digests of results by id, of what has one. */
  readonly digests: Readonly<Record<string, string>>;
  readonly failures: readonly string[];
  readonly operations: readonly string[];
  /** How many stages were hits. */
  readonly hits: number;
}

/** Runs the study in a store, on a disk with a fault. */
export async function runStudy(at: string, root: string, fault?: Fault): Promise<Ran> {
  const { disk, operations } = faultyDisk(fault);
  const digests: Record<string, string> = {};
  const failures: string[] = [];
  let hits = 0;
  for (const one of programs(at)) {
    try {
      const store = new Store(root, disk);
      const executor = onMachine({ jobs: 1 }, attempting(store));
      const result = await run(one, { store, executor, env: {}, numeric: cpu, cwd: at });
      for (const { planned, record, failure, outcome } of result.outcomes) {
        if (record) digests[planned.id] = record.output.digest;
        if (failure && failure.code !== 'skipped') failures.push(failure.code);
        if (outcome === 'hit') hits += 1;
      }
    } catch (error) {
      if (error instanceof Killed) break;
      failures.push(error instanceof Error && 'code' in error ? String(error.code) : String(error));
    }
  }
  return { digests, failures, operations, hits };
}

/** Makes what this process has left in a store look as if its process were gone. */
export function orphan(root: string): void {
  const gone = String(2 ** 22 + 1);
  const store = new Store(root);
  for (const folder of store.temporaryFolders()) {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const dead = name.replace(`@${process.pid}@`, `@${gone}@`);
      if (dead !== name) renameSync(join(folder, name), join(folder, dead));
    }
  }
  const locks = join(root, 'locks');
  for (const name of existsSync(locks) ? readdirSync(locks) : []) {
    const text = readFileSync(join(locks, name), 'utf8');
    rmSync(join(locks, name));
    writeFileSync(join(locks, name), text.replace(`"pid":${process.pid},`, `"pid":${gone},`));
  }
}

/** Collects garbage as nobody else uses the store. */
export function gc(root: string): void {
  const store = new Store(root);
  const keys = new Set(rootsOf(store).flatMap(keysOfRoot));
  const inventory = takeInventory(store);
  const needs = needsOf(store, { keys, usedAt: new Map() });
  collect(
    store,
    inventory,
    garbageOf(inventory, needs, { now: Date.now() + 1000, grace: 0 }),
    needs,
  );
}

/** The files of a store by their names in it. */
export function filesOf(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(relative(root, entry.parentPath), entry.name))
    .filter((name) => !name.startsWith('memo/'))
    .sort();
}

/** What a fault may be called: what a user can do something about. */
const said = [
  'disk-full',
  'no-permission',
  'machine',
  'store-damaged',
  'store-not-writable',
  'input-lost',
];

/**
 * Runs the study with a fault, then without: nothing partial is to be seen in between, the fault is
 * named, and in the end there is what is there without a fault, and nothing else.
 */
export async function survive(
  at: string,
  whole: { readonly ran: Ran; readonly files: readonly string[] },
  fault: Fault,
): Promise<void> {
  const root = join(at, `${fault.how}-${fault.at}`);
  const hurt = await runStudy(at, root, fault);
  const about = `${fault.how} at ${fault.at}, ${whole.ran.operations[fault.at - 1]}`;
  if (fault.how !== 'kill')
    expect(said, about).toEqual(expect.arrayContaining([...new Set(hurt.failures)]));
  for (const [id, digest] of Object.entries(hurt.digests)) {
    expect(digest, about).toBe(whole.ran.digests[id]);
  }
  orphan(root);
  if (existsSync(root)) {
    const { wrong } = await verify(new Store(root), { repair: false });
    expect(wrong, about).toEqual([]);
  }
  const again = await runStudy(at, root);
  expect([again.failures, again.digests], about).toEqual([[], whole.ran.digests]);
  // What was published before the fault is not made again.
  expect(again.hits, about).toBeGreaterThanOrEqual(Object.keys(hurt.digests).length);
  gc(root);
  expect(filesOf(root), about).toEqual(whole.files);
  rmSync(root, { recursive: true });
}

/** The study without a fault. */
export async function undisturbed(at: string) {
  const root = join(at, 'whole');
  const ran = await runStudy(at, root);
  gc(root);
  return { ran, files: filesOf(root), name: basename(root) };
}
