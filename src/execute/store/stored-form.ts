import { isAbsolute } from 'node:path';
import type { Json } from '../../base/canonical.js';
import { isFolderName, isRelativeName } from '../../base/files/file-name.js';
import { isRecord } from '../../base/own.js';
import { digestOfRecord } from '../../plan/key.js';
import type { KeyRecord } from '../../plan/plan.js';
import { outputOf } from '../output.js';
import type { Blob, Output, StageRecord } from '../record.js';
import type { Task } from '../task.js';
import type { Root } from './root.js';

/*
 * What stands in a store may have been written by anybody. It is held against its form where it is
 * read, so that behind this file every digest, key, name and number is one.
 */

type Fields = Readonly<Record<string, unknown>>;

/** Is it a SHA-256 in lower-case hexadecimal digits: a digest or a key? */
export const isDigest = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

const isText = (value: unknown): value is string => typeof value === 'string';

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

const areTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(isText);

/** Is every value of these fields as `is` says? */
const eachIs = (value: unknown, is: (value: unknown) => boolean): value is Fields =>
  isRecord(value) && Object.values(value).every(is);

/** No parameter of a stage lies as deep; what does would exhaust the stack. */
const DEEPEST = 1000;

function isShallow(value: unknown, left = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return left > 0 && Object.values(value).every((part) => isShallow(part, left - 1));
}

/** The record under a key, when it has the form of one and its digests are those of its content. */
export function recordFrom(json: Json, key: string): StageRecord | undefined {
  if (!isRecord(json) || json.version !== 1 || json.key !== key) return undefined;
  const sound =
    isKeyRecord(json.record, key) &&
    isText(json.id) &&
    isOutput(json.output) &&
    Number.isFinite(json.seconds) &&
    isText(json.finishedAt) &&
    isRecord(json.environment) &&
    isShallow(json.environment) &&
    (json.seen === undefined || isSeen(json.seen)) &&
    (json.remarks === undefined || areTexts(json.remarks)) &&
    (json.watched === undefined || isWatched(json.watched)) &&
    (json.signed === undefined || isSignature(json.signed)) &&
    (json.accepted === undefined ||
      (Array.isArray(json.accepted) && json.accepted.every(isAccepted))) &&
    (json.facts === undefined || eachIs(json.facts, (one) => isText(one) || Number.isFinite(one)));
  return sound ? (json as unknown as StageRecord) : undefined;
}

/** The task of a key, when it has the form of one. */
export function taskFrom(json: Json, key: string): Task | undefined {
  if (!isRecord(json) || json.version !== 1 || json.key !== key) return undefined;
  const { inputs, paths, gpus, record } = json;
  const sound =
    isKeyRecord(record, key) &&
    Object.keys(record.params).every(isFolderName) &&
    isText(json.id) &&
    isText(json.result) &&
    typeof json.fields === 'object' &&
    json.fields !== null &&
    isShallow(json.fields) &&
    (json.code === undefined || isCode(json.code)) &&
    eachIs(inputs, isOutput) &&
    Object.entries(inputs).every(
      ([digest, output]) => isRecord(output) && output.digest === digest,
    ) &&
    (json.declared === undefined || isText(json.declared)) &&
    Array.isArray(paths) &&
    paths.every(isPath) &&
    isCount(json.threads) &&
    Array.isArray(gpus) &&
    gpus.every(isCount) &&
    (json.collapsedEpochs === undefined || isCount(json.collapsedEpochs)) &&
    (json.rungs === undefined || (Array.isArray(json.rungs) && json.rungs.every(isCount))) &&
    (json.keep === undefined || (Array.isArray(json.keep) && json.keep.every(isCount)));
  return sound ? (json as unknown as Task) : undefined;
}

const isAccepted = (value: unknown): boolean =>
  isRecord(value) &&
  isText(value.because) &&
  isText(value.by) &&
  isText(value.at) &&
  isDigest(value.from) &&
  areTexts(value.changes);

/** What a run used, when it has the form of that. */
export function rootFrom(json: Json): Root | undefined {
  if (!isRecord(json) || json.version !== 1) return undefined;
  const sound =
    isText(json.file) &&
    isText(json.host) &&
    eachIs(json.set, isText) &&
    isRecord(json.numeric) &&
    eachIs(json.numeric, (one) => isText(one) || one === true) &&
    areKeysOfPoints(json.stages) &&
    (json.before === undefined || areKeysOfPoints(json.before));
  return sound ? (json as unknown as Root) : undefined;
}

const areKeysOfPoints = (value: unknown): boolean => eachIs(value, (ids) => eachIs(ids, isDigest));

function isKeyRecord(value: unknown, key: string): value is KeyRecord {
  if (!isRecord(value) || !isText(value.stage) || !isRecord(value.params)) return false;
  if (!isRecord(value.numeric) && value.numeric !== null) return false;
  if (value.epoch !== undefined && !isCount(value.epoch)) return false;
  return isShallow(value) && digestOfRecord(value as unknown as KeyRecord) === key;
}

function isOutput(value: unknown): value is Output {
  if (!isRecord(value)) return false;
  const { type, files, metrics, digest, folders = [], executable = [] } = value;
  if (!isText(type) || !eachIs(files, isBlob) || !areTexts(folders) || !areTexts(executable))
    return false;
  if (!areNames(Object.keys(files), folders)) return false;
  if (!executable.every((name) => Object.hasOwn(files, name))) return false;
  if (!eachIs(metrics, (one) => one === null || Number.isFinite(one))) return false;
  const output = value as unknown as Output;
  return outputOf(type, output.files, output.metrics, { folders, executable }).digest === digest;
}

const isBlob = (value: unknown): value is Blob =>
  isRecord(value) && isDigest(value.digest) && isCount(value.size);

/** Can files and empty folders of these names lie in one folder? */
function areNames(files: readonly string[], folders: readonly string[]): boolean {
  const without = new Set([...files, ...folders]);
  if (without.size < files.length + folders.length) return false;
  return [...without].every((name) => {
    for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
      if (without.has(name.slice(0, at))) return false;
    }
    return isRelativeName(name);
  });
}

const isSeen = (value: unknown): boolean =>
  isRecord(value) &&
  (value.declared === undefined || isText(value.declared)) &&
  (value.files === undefined || eachIs(value.files, isText));

/** A number that is not finite is none in JSON. */
const isNumberOrNone = (value: unknown): boolean => value === null || Number.isFinite(value);

const isWatched = (value: unknown): boolean =>
  isRecord(value) &&
  eachIs(
    value.signs,
    (sign) =>
      isRecord(sign) &&
      isText(sign.what) &&
      (sign.lines === undefined || eachIs(sign.lines, Number.isFinite)),
  ) &&
  (value.rows === undefined ||
    (Array.isArray(value.rows) && value.rows.every((row) => eachIs(row, isNumberOrNone))));

const isSignature = (value: unknown): boolean =>
  isRecord(value) && isText(value.by) && isText(value.signature);

const isPath = (value: unknown): boolean =>
  isRecord(value) &&
  isText(value.path) &&
  isAbsolute(value.path) &&
  isDigest(value.digest) &&
  (value.kind === 'file' || value.kind === 'folder');

const isPlace = (path: unknown): boolean => isText(path) && isAbsolute(path);

function isCode(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (value.kind === 'module' || value.kind === 'values') {
    const { values = [] } = value;
    return isPlace(value.path) && Array.isArray(values) && values.every(isPlace);
  }
  return value.kind === 'command' && areTexts(value.words) && isText(value.folder);
}
