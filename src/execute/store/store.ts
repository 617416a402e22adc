import { join } from 'node:path';
import type { Json } from '../../base/canonical.js';
import { invariant, SspError } from '../../base/errors.js';
import { isLogHead } from '../log-head.js';
import type { Blob, Output, StageRecord } from '../record.js';
import { seal, unseal } from '../seal.js';
import type { Task } from '../task.js';
import type { Memory } from './content.js';
import { type Disk, nodeDisk } from './disk.js';
import { Entries } from './entries.js';
import { type Entry, listed, lstatAt, readEntry, statAt, textAt } from './entry.js';
import { checkPlace, checkWritable } from './store-place.js';
import { isDigest, recordFrom, taskFrom } from './stored-form.js';

/** What the store has under a key; `lost`: a record that is damaged or whose content is gone. */
export type Found =
  | { readonly kind: 'hit'; readonly record: StageRecord; readonly output: Output }
  | { readonly kind: 'miss' }
  | { readonly kind: 'lost' };

/** What the reading of a sealed entry came to. */
type Read<T> =
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'sound'; readonly value: T };

const VERSION = 1;
/** Milliseconds. */
const DAY = 24 * 3_600_000;
/** A log of so many bytes has more than a few lines of runs. */
const SHORT = 1024;
const MISS: Found = { kind: 'miss' };
const LOST: Found = { kind: 'lost' };

/**
 * A folder of results: `blobs/ab/DIGEST`, `records/ab/KEY.json`, `tasks/ab/KEY.json`, `roots/HASH.json`
 * (what the last run of each file used), `runs/HASH/` (all its runs, for people), `memo/` (digests of
 * files), `checkpoints/KEY/`, `epochs/KEY/` (checkpoints that a training was asked to keep),
 * `logs/KEY.log`, `locks/`, `tmp/`, `kept/KEY/` (what was made and could not be published) and
 * `quarantine/`.
 * Readers take no lock. What is read may have been written by anybody: its form is checked, and an
 * entry of another form is put aside and counts as none.
 */
export class Store extends Entries {
  /** Where digests of files are remembered; a store that may not be written remembers none. */
  readonly memory: Memory;

  /** @throws SspError where something else lies than a store that this version knows. */
  constructor(root: string, disk: Disk = nodeDisk) {
    super(root, disk);
    this.memory = {
      read: (name) => {
        const path = this.memoPath(name);
        const text = textAt(path);
        if (text !== undefined) this.markUsed(path);
        return text;
      },
      write: (name, text) => {
        try {
          this.replace(this.memoPath(name), text, false);
        } catch (error) {
          if (!(error instanceof SspError)) throw error;
        }
      },
    };
    checkPlace(this.root);
    checkVersion(this.root, readEntry(join(this.root, 'format.json')));
  }

  /** `gc` forgets what nobody asks for: once a day it is written down that somebody did. */
  private markUsed(path: string): void {
    if (Date.now() - (statAt(path)?.mtimeMs ?? 0) < DAY) return;
    try {
      this.disk.touch(path);
    } catch {
      // A store that may only be read, or a memo that has just gone.
    }
  }

  /** Makes the folder, which git is to leave alone; reading needs none. @throws SspError `store-not-writable`. */
  prepare(): void {
    checkWritable(this.root);
    const format = join(this.root, 'format.json');
    if (readEntry(format).kind === 'text') return;
    this.replace(join(this.root, '.gitignore'), '*\n', false);
    this.replace(format, `${JSON.stringify({ version: VERSION })}\n`);
  }

  blobPath(digest: string): string {
    return this.sharded('blobs', digest);
  }

  /** Where the digest of a file is remembered: under that of its path, or of content of the store under its own. */
  memoPath(name: string): string {
    return this.sharded('memo', name);
  }

  checkpointPath(key: string): string {
    return this.named('checkpoints', key);
  }

  epochsPath(key: string): string {
    return this.named('epochs', key);
  }

  logPath(key: string): string {
    return `${this.named('logs', key)}.log`;
  }

  recordPath(key: string): string {
    return `${this.sharded('records', key)}.json`;
  }

  lockPath(key: string): string {
    return this.named('locks', key);
  }

  keptPath(key: string): string {
    return this.named('kept', key);
  }

  /** What there is under a key. Entries that are not what was written are put into quarantine. */
  find(key: string): Found {
    if (!isDigest(key)) return MISS;
    const read = this.readRecord(key);
    if (read.kind === 'damaged') return LOST;
    if (read.kind === 'none') return this.wasQuarantined(key) ? LOST : MISS;
    const { value: record } = read;
    const whole = Object.values(record.output.files).every((blob) => this.hasSize(blob));
    return whole ? { kind: 'hit', record, output: record.output } : LOST;
  }

  /** The record under a key, whether or not its content is there. */
  record(key: string): StageRecord | undefined {
    const read = isDigest(key) ? this.readRecord(key) : undefined;
    return read?.kind === 'sound' ? read.value : undefined;
  }

  /** Is there a record under a key, as far as can be told without reading it? */
  hasRecord(key: string): boolean {
    return statAt(this.recordPath(key)) !== undefined;
  }

  /** The keys of all records, unsorted. */
  keys(): readonly string[] {
    return listed(join(this.root, 'records')).flatMap((shard) =>
      listed(join(this.root, 'records', shard))
        .filter((name) => name.startsWith(shard) && name.endsWith('.json'))
        .map((name) => name.slice(0, -5))
        .filter(isDigest),
    );
  }

  /** Is there a file of a blob's size? Content is compared where it is read. */
  hasSize(blob: Blob): boolean {
    const found = statAt(this.blobPath(blob.digest));
    return found?.isFile() === true && found.size === blob.size;
  }

  /** Was it used by an ssp that did not write down what the runs of files use? `gc` removes the sign of it. */
  hasHintsOfBefore(): boolean {
    return lstatAt(join(this.root, 'latest')) !== undefined;
  }

  /**
   * Takes content that is there for a result to come: `gc` leaves alone what was touched. False where
   * there is none, or it is another's, who alone may touch it: it is to be put there anew.
   */
  claim(blob: Blob): boolean {
    if (!this.hasSize(blob)) return false;
    try {
      this.disk.touch(this.blobPath(blob.digest));
    } catch {
      return false;
    }
    return this.hasSize(blob);
  }

  /** Publishes a result whose content is in the store. */
  putRecord(record: StageRecord): void {
    this.replace(this.recordPath(record.key), seal(record));
  }

  putTask(task: Task): void {
    this.replace(this.taskPath(task.key), seal(task), false);
  }

  task(key: string): Task | undefined {
    const read = this.readSealed(this.taskPath(key), (json) => taskFrom(json, key));
    return read.kind === 'sound' ? read.value : undefined;
  }

  /** Removes the task of a key that has its result. */
  dropTask(key: string): void {
    this.discard(this.taskPath(key));
  }

  /** Removes the log of a stage that has printed nothing, and of which nothing was noted: all it has are heads of attempts. */
  dropSilentLog(key: string): void {
    const path = this.logPath(key);
    if ((statAt(path)?.size ?? SHORT) >= SHORT) return;
    const lines = textAt(path)?.trimEnd().split('\n') ?? [];
    if (lines.every(isLogHead)) this.discard(path);
  }

  /** Was the record under this key put aside, so that it is not there any more? */
  private wasQuarantined(key: string): boolean {
    return listed(join(this.root, 'quarantine')).some((name) => name.startsWith(`${key}.json-`));
  }

  private taskPath(key: string): string {
    return `${this.sharded('tasks', key)}.json`;
  }

  private named(folder: string, name: string): string {
    invariant(isDigest(name), `\`${name}\` is a key or a digest`);
    return join(this.root, folder, name);
  }

  private sharded(folder: string, name: string): string {
    invariant(isDigest(name), `\`${name}\` is a key or a digest`);
    return join(this.root, folder, name.slice(0, 2), name);
  }

  private readRecord(key: string): Read<StageRecord> {
    return this.readSealed(this.recordPath(key), (json) => recordFrom(json, key));
  }

  private readSealed<T>(path: string, check: (json: Json) => T | undefined): Read<T> {
    const entry = readEntry(path);
    if (entry.kind === 'none') return entry;
    const json = entry.kind === 'text' ? unseal(entry.text) : undefined;
    const value = json === undefined ? undefined : check(json);
    if (value !== undefined) return { kind: 'sound', value };
    // Another driver may have put a good entry in its place since: only what was read is moved.
    const now = readEntry(path);
    if (now.kind === entry.kind && now.text === entry.text) this.quarantine(path);
    return { kind: 'damaged' };
  }
}

/** @throws SspError for a store of a version that is not known: it is neither read nor written then. */
function checkVersion(root: string, { kind, text }: Entry): void {
  if (kind === 'none') return;
  const version = kind === 'text' ? versionOf(text) : undefined;
  if (version !== undefined && version >= 1 && version <= VERSION) return;
  const is =
    version === undefined
      ? 'has a format.json that no ssp has written'
      : `has version ${version}; this ssp knows versions ${VERSION === 1 ? '1 alone' : `1 to ${VERSION}`}`;
  throw new SspError('store-too-new', `the store ${root} ${is}`, {
    help: 'update ssp, or choose another store with `--store`; this one stays as it is',
  });
}

/** A whole number; undefined where the text gives none. */
function versionOf(text: string): number | undefined {
  try {
    const version: unknown = JSON.parse(text)?.version;
    return Number.isSafeInteger(version) ? Number(version) : undefined;
  } catch {
    return undefined;
  }
}
