import { createHash } from 'node:crypto';
import { accessSync, chmodSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { Json } from '../base/canonical.js';
import { SspError, systemCode } from '../base/errors.js';
import { digestOfRecord } from '../plan/key.js';
import { fileDigest, hashFile, type Memory, readIfThere } from './content.js';
import { type Disk, nodeDisk, worldError } from './disk.js';
import { outputOf } from './output.js';
import type { Blob, Output, StageRecord } from './record.js';
import { seal, unseal } from './seal.js';
import type { Task } from './task.js';

/** What the store has under a key; `lost`: a record whose content is gone. */
export type Found =
  | { readonly kind: 'hit'; readonly record: StageRecord; readonly output: Output }
  | { readonly kind: 'miss' }
  | { readonly kind: 'lost' };

const VERSION = 1;
const MISS: Found = { kind: 'miss' };
const LOST: Found = { kind: 'lost' };
let count = 0;

/** The folder, or the nearest one above it that exists, has to take new files. */
function checkWritable(root: string): void {
  for (let at = root; ; at = dirname(at)) {
    try {
      accessSync(at, constants.W_OK);
      return;
    } catch (cause) {
      if (systemCode(cause) === 'ENOENT' && at !== dirname(at)) continue;
      const why = systemCode(cause) === 'EROFS' ? 'is read-only' : 'may not be written to';
      throw new SspError(
        'store-not-writable',
        `the store ${root} cannot be written: ${at} ${why}`,
        {
          help: 'choose another folder with `--store` or SSP_STORE',
          cause,
        },
      );
    }
  }
}

/**
 * A folder of results: `blobs/ab/DIGEST`, `records/ab/KEY.json`, `tasks/ab/KEY.json`,
 * `latest/STAGE/ID.json` (hints), `memo/` (digests of files), `checkpoints/KEY/`, `logs/KEY.log`,
 * `locks/`, `tmp/` and `quarantine/`. Every entry appears whole or not at all; readers take no lock.
 */
export class Store {
  readonly root: string;
  readonly disk: Disk;
  /** Where digests of files are remembered. */
  readonly memory: Memory;

  constructor(root: string, disk: Disk = nodeDisk) {
    this.root = resolve(root);
    this.disk = disk;
    this.memory = {
      read: (name) => readIfThere(this.sharded('memo', name)),
      write: (name, text) => this.replace(this.sharded('memo', name), text, false),
    };
    const found = statSync(this.root, { throwIfNoEntry: false });
    if (found !== undefined && !found.isDirectory()) {
      throw new SspError('store-not-a-folder', `the store ${this.root} is a file, not a folder`, {
        help: 'choose a folder with `--store` or SSP_STORE',
      });
    }
    const format = readIfThere(join(this.root, 'format.json'));
    if (format === undefined) return;
    const version = versionOf(format);
    if (version > VERSION) {
      throw new SspError(
        'store-too-new',
        `the store ${this.root} has version ${version}; this ssp knows versions up to ${VERSION}`,
        { help: 'update ssp, or choose another store with `--store`' },
      );
    }
  }

  /** Makes the folder; reading needs none. @throws SspError `store-not-writable`. */
  prepare(): void {
    checkWritable(this.root);
    if (readIfThere(join(this.root, 'format.json')) !== undefined) return;
    this.replace(join(this.root, 'format.json'), `${JSON.stringify({ version: VERSION })}\n`);
  }

  blobPath(digest: string): string {
    return this.sharded('blobs', digest);
  }

  checkpointPath(key: string): string {
    return join(this.root, 'checkpoints', key);
  }

  logPath(key: string): string {
    return join(this.root, 'logs', `${key}.log`);
  }

  recordPath(key: string): string {
    return `${this.sharded('records', key)}.json`;
  }

  /** A new path for a temporary file or folder; `owner` says whose it is. */
  temporary(owner: string): string {
    count += 1;
    const name = [owner, hostPart(), process.pid, Date.now(), count].join('@');
    return join(this.root, 'tmp', name);
  }

  /** What there is under a key. Entries that are not what was written are put into quarantine. */
  find(key: string): Found {
    const path = this.recordPath(key);
    const record = this.readSealed(path, (json) => checkedRecord(json, key));
    if (record === undefined) return this.wasQuarantined(key) ? LOST : MISS;
    for (const blob of Object.values(record.output.files)) {
      if (!this.hasSize(blob)) return LOST;
    }
    return { kind: 'hit', record, output: record.output };
  }

  /** The record under a key, whether or not its content is there. */
  record(key: string): StageRecord | undefined {
    return this.readSealed(this.recordPath(key), (json) => checkedRecord(json, key));
  }

  /** The keys of all records, unsorted. */
  keys(): readonly string[] {
    return listed(join(this.root, 'records')).flatMap((shard) =>
      listed(join(this.root, 'records', shard))
        .filter((name) => /^[0-9a-f]{64}\.json$/.test(name))
        .map((name) => name.slice(0, -5)),
    );
  }

  /** Reads a blob whole (unless it was read in this state before) and compares it with its name. */
  async verifyBlob(blob: Blob): Promise<boolean> {
    if (!this.hasSize(blob)) return false;
    const path = this.blobPath(blob.digest);
    const text = this.memory.read(blob.digest);
    try {
      const before = text === undefined ? undefined : JSON.parse(text);
      const { digest, known } = await fileDigest(path, before);
      if (digest !== blob.digest) {
        this.quarantine(path);
        return false;
      }
      if (known && known !== before) this.memory.write(blob.digest, JSON.stringify(known));
      return true;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return false;
      throw worldError(path, error);
    }
  }

  /** Moves every file of a folder into the store. */
  async takeFolder(folder: string): Promise<Readonly<Record<string, Blob>>> {
    const files: Record<string, Blob> = {};
    const shards = new Set<string>();
    for (const name of await filesOf(folder, '')) {
      const path = join(folder, name);
      const size = statSync(path).size;
      const digest = await hashFile(path);
      const target = this.blobPath(digest);
      this.disk.mkdir(dirname(target));
      chmodSync(path, 0o444);
      this.disk.sync(path);
      this.disk.rename(path, target);
      shards.add(dirname(target));
      files[name] = { digest, size };
    }
    for (const shard of shards) this.disk.syncFolder(shard);
    return files;
  }

  /** Publishes a result whose content is in the store. */
  putRecord(record: StageRecord): void {
    this.replace(this.recordPath(record.key), seal(record));
  }

  putTask(task: Task): void {
    this.replace(`${this.sharded('tasks', task.key)}.json`, seal(task), false);
  }

  task(key: string): Task | undefined {
    return this.readSealed(`${this.sharded('tasks', key)}.json`, (json) =>
      json.version === 1 && json.key === key ? (json as unknown as Task) : undefined,
    );
  }

  /** The key under which a point was seen last; a hint for explanations. */
  latest(stage: string, id: string): string | undefined {
    try {
      const text = readIfThere(this.latestPath(stage, id));
      const key: unknown = text === undefined ? undefined : JSON.parse(text).key;
      return typeof key === 'string' ? key : undefined;
    } catch {
      return undefined;
    }
  }

  /** Remembers the key under which a point was seen. */
  setLatest(stage: string, id: string, key: string): void {
    if (this.latest(stage, id) === key) return;
    this.replace(this.latestPath(stage, id), JSON.stringify({ id, key }), false);
  }

  /** Keys of the points of a stage that were seen last, newest first, at most `limit`. */
  recent(stage: string, limit: number): readonly string[] {
    const folder = dirname(this.latestPath(stage, ''));
    const entries = listed(folder)
      .slice(0, 1000)
      .map((name) => ({ name, at: mtimeOf(join(folder, name)) }));
    entries.sort((a, b) => b.at - a.at);
    return entries.slice(0, limit).flatMap(({ name }) => {
      try {
        return [String(JSON.parse(readFileSync(join(folder, name), 'utf8')).key)];
      } catch {
        return [];
      }
    });
  }

  /** Puts a damaged entry aside; a store that may not be written keeps it. */
  quarantine(path: string): void {
    const to = join(this.root, 'quarantine', `${basename(path)}-${process.pid}-${Date.now()}`);
    try {
      this.disk.mkdir(dirname(to));
      this.disk.rename(path, to);
    } catch (error) {
      if (error instanceof SspError || systemCode(error) === 'ENOENT') return;
      throw error;
    }
  }

  /** Replaces a file at once: whoever reads sees the old or the new content. */
  replace(path: string, content: string, durable = true): void {
    const temporary = this.temporary(basename(path));
    this.disk.mkdir(dirname(temporary));
    this.disk.mkdir(dirname(path));
    try {
      this.disk.write(temporary, content, durable);
      this.disk.rename(temporary, path);
    } catch (error) {
      this.disk.remove(temporary);
      throw error;
    }
    if (durable) this.disk.syncFolder(dirname(path));
  }

  /** Was the record under this key put aside, so that it is not there any more? */
  private wasQuarantined(key: string): boolean {
    return listed(join(this.root, 'quarantine')).some((name) => name.startsWith(`${key}.json-`));
  }

  private latestPath(stage: string, id: string): string {
    return join(this.root, 'latest', shortHash(stage), `${shortHash(id)}.json`);
  }

  private sharded(folder: string, name: string): string {
    return join(this.root, folder, name.slice(0, 2), name);
  }

  private hasSize(blob: Blob): boolean {
    const path = this.blobPath(blob.digest);
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === blob.size) return true;
    if (size !== undefined) this.quarantine(path);
    return false;
  }

  private readSealed<T>(
    path: string,
    check: (json: { readonly [key: string]: Json }) => T | undefined,
  ): T | undefined {
    let text: string | undefined;
    try {
      text = readIfThere(path);
    } catch (error) {
      throw worldError(path, error);
    }
    if (text === undefined) return undefined;
    const json = unseal(text);
    const checked = json === undefined ? undefined : check(json);
    // Another driver may have put a good entry in its place since: only what was read is moved.
    if (checked === undefined && readIfThere(path) === text) this.quarantine(path);
    return checked;
  }
}

function checkedRecord(
  json: { readonly [key: string]: Json },
  key: string,
): StageRecord | undefined {
  if (json.version !== 1 || json.key !== key) return undefined;
  const record = json as unknown as StageRecord; // sealed: it is what putRecord was given
  if (digestOfRecord(record.record) !== key) return undefined;
  const { type, files, metrics, digest } = record.output;
  return outputOf(type, files, metrics).digest === digest ? record : undefined;
}

/** Relative names of a folder's files, sorted. Throws at what is neither file nor folder. */
async function filesOf(root: string, folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const entry of await readdir(join(root, folder))) {
    const name = folder === '' ? entry : `${folder}/${entry}`;
    const stats = await lstat(join(root, name));
    if (stats.isDirectory()) names.push(...(await filesOf(root, name)));
    else if (stats.isFile()) names.push(name);
    else {
      throw new SspError(
        'bad-output',
        `the stage left \`${name}\`, which is neither file nor folder`,
        {
          help: 'a result is made of plain files; copy what a link points to',
        },
      );
    }
  }
  return names.sort();
}

/** The names in a folder; none where there is no folder. */
export function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** This machine, as temporary names hold it. */
export const hostPart = (): string => hostname().replaceAll(/[^A-Za-z0-9.-]/g, '_');

const mtimeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const shortHash = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 32);

function versionOf(text: string): number {
  try {
    const version: unknown = JSON.parse(text).version;
    return typeof version === 'number' ? version : VERSION;
  } catch {
    return VERSION;
  }
}
