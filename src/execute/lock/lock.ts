import { createRequire } from 'node:module';
import { SspError } from '../../base/errors.js';
import { conflictIn } from '../../base/merge-conflicts.js';
import { own } from '../../base/own.js';
import type { Metrics } from '../../plan/metrics.js';
import type { NumericClass } from '../../plan/plan.js';
import type { Seen } from '../../plan/point-code.js';
import { seenInKey } from '../../plan/seen.js';
import type { Accepted, StageOutcome, StageResult } from '../record.js';
import { validate } from './lock-validator.gen.js';

/** Loaded only where a lock is read or written: most runs find the text of theirs known. */
const yaml = (): typeof import('yaml') => createRequire(import.meta.url)('yaml');

/** A result as the lock keeps it. */
export interface LockEntry {
  readonly key: string;
  /** Digest of the output. */
  readonly output: string;
  readonly metrics?: Metrics;
  /** What is in the result. */
  readonly facts?: Readonly<Record<string, string | number>>;
  /** What the stage remarked on it. */
  readonly remarks?: readonly string[];
  readonly seconds: number;
  /** Who has said that the result of another key counts, and why. */
  readonly accepted?: readonly Accepted[];
  /** For a stage of the user's own: what its result depends on, of that in the key what is not in the file. */
  readonly keyed?: Seen;
  readonly seen?: Seen;
}

/** `NAME.ssp.lock`: what an experiment came to, small and stable enough for version control. */
export interface Lock {
  readonly version: 1;
  readonly numeric: NumericClass;
  /** What `--set` gave to params of the file, as written. */
  readonly set?: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string | number | boolean | null>>;
  /** By id. */
  readonly stages: Readonly<Record<string, LockEntry>>;
}

/** The lock of a whole experiment: all its points, of one run and its settings. */
export function lockOf(
  outcomes: readonly StageOutcome[],
  numeric: NumericClass,
  set: Readonly<Record<string, string>> = {},
): Lock {
  const entries = new Map<string, LockEntry>();
  const records = outcomes.flatMap(({ record }) => record ?? []);
  for (const { planned, record } of outcomes) if (record) entries.set(planned.id, entryOf(record));
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  const given = Object.keys(set).length > 0 ? { set } : {};
  // What `auto` would mean is no news where nothing says `auto`.
  const auto = outcomes.some(({ planned }) => planned.params.precision === 'auto');
  const precision = auto ? numeric.precision : 'fp32';
  return {
    version: 1,
    numeric: { ...numeric, precision },
    ...given,
    environment: environmentOf(records),
    stages: Object.fromEntries(sorted),
  };
}

function entryOf(result: StageResult): LockEntry {
  const { key, output, seconds, record, seen, facts, remarks = [], accepted } = result;
  const keyed = record && seenInKey(record);
  const names = Object.keys(output.metrics).sort();
  const metrics = Object.fromEntries(
    names.map((name) => [name, own(output.metrics, name) ?? null]),
  );
  return {
    key,
    output: output.digest,
    ...(names.length > 0 ? { metrics } : {}),
    ...(facts ? { facts } : {}),
    ...(remarks.length > 0 ? { remarks } : {}),
    seconds,
    ...(accepted ? { accepted } : {}),
    ...(keyed ? { keyed } : {}),
    ...(seen ? { seen } : {}),
  };
}

/** Each fact once; values that differ between stages stand side by side. */
function environmentOf(records: readonly StageResult[]): Lock['environment'] {
  const facts = new Map<string, Set<string | number | boolean | null>>();
  for (const { environment } of records) {
    for (const [name, value] of Object.entries(environment)) {
      const plain = value !== null && typeof value === 'object' ? JSON.stringify(value) : value;
      facts.set(name, (facts.get(name) ?? new Set()).add(plain));
    }
  }
  const names = [...facts.keys()].sort();
  return Object.fromEntries(
    names.map((name) => {
      const values = [...(facts.get(name) ?? [])];
      const [only = null] = values;
      return [name, values.length === 1 ? only : values.map(String).sort().join(', ')];
    }),
  );
}

/** The result that a lock has for a point, whatever the point is called. */
export function entryAt({ stages }: Lock, id: string): LockEntry | undefined {
  return own(stages, id);
}

/** `` `--set k=1 --set n=2` ``, or that there are none. */
export function settingsText(set: Readonly<Record<string, string>> = {}): string {
  const given = Object.entries(set)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `--set ${name}=${value}`);
  return given.length === 0 ? 'no `--set`' : `\`${given.join(' ')}\``;
}

/** The text of a lock. */
export function lockText(lock: Lock): string {
  const head = '# Written by `ssp run`: the keys and results of the experiment beside it.\n';
  // Results that share a record of facts each have it: what is written does not depend on where it came from.
  return head + yaml().stringify(lock, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Reads a lock. Throws an SspError that says what is wrong in it; `path` is for that message. */
export function parseLock(text: string, path: string): Lock {
  let document: unknown;
  try {
    document = yaml().parse(text);
  } catch (error) {
    throw badLock(path, conflictIn(text) ?? firstLine(error));
  }
  if (isLock(document)) return document;
  if (text.trim() === '') throw badLock(path, 'it is empty');
  const [first] = validator.errors ?? [];
  throw badLock(path, `${first?.instancePath || 'the document'} ${first?.message}`);
}

/** What is wrong with a text that is no YAML, without the lines of it that the message goes on to show. */
function firstLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.replace(/:$/, '');
}

interface Validator {
  (document: unknown): boolean;
  errors?: readonly { readonly instancePath: string; readonly message?: string }[] | null;
}

const validator: Validator = validate;

/** Has a document the form of a lock? */
export const isLock = (document: unknown): document is Lock => validator(document);

function badLock(path: string, what: string): SspError {
  return new SspError('bad-lock', `${path} is no lock of this version: ${what}`, {
    help: 'take it from version control again, or remove it: `ssp run` writes a new one',
  });
}
