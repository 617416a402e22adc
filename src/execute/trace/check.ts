import { resolve } from 'node:path';
import { SspError } from '../../base/errors.js';
import { agrees, keyIfSeen } from '../../plan/key.js';
import { pathsOf } from '../../plan/named-paths.js';
import type { NumericClass } from '../../plan/plan.js';
import { seenInKey } from '../../plan/seen.js';
import { outputOf } from '../output.js';
import type { Output, StageOutcome } from '../record.js';
import { contentDigest } from '../store/content.js';
import { contentAsIs } from '../store/content-as-is.js';
import type { Store } from '../store/store.js';

/** One thing that was hashed again. */
export interface Check {
  /** The stage. */
  readonly id: string;
  /** `key`, `result` or `file NAME`. */
  readonly what: string;
  /** Undefined where it cannot be hashed on this machine. */
  readonly holds: boolean | undefined;
  readonly expected: string;
  /** Why it does not hold, or could not be hashed. */
  readonly why?: string;
}

/**
 * Hashes results again and what they were made from, trusting no digest that is remembered: of each
 * stage the key from its parameters, inputs, data and code as they lie here, every file of the
 * result, and the digest of the whole.
 */
export async function checkAgain(
  outcomes: readonly StageOutcome[],
  all: readonly StageOutcome[],
  { store, cwd }: { readonly store: Store; readonly cwd: string },
): Promise<readonly Check[]> {
  const outputs = new Map(all.map(({ planned, record }) => [planned.id, record?.output]));
  const contents = await contentsNow(outcomes, cwd);
  const checks: Check[] = [];
  for (const outcome of outcomes) {
    if (!outcome.record) continue;
    checks.push(keyCheck(outcome, outputs, contents), resultCheck(outcome));
    checks.push(...(await fileChecks(outcome, store)));
  }
  return checks;
}

type Contents = ReadonlyMap<string, string | undefined>;

/** The digests of all files and folders that stages name; undefined for one that cannot be read here. */
async function contentsNow(outcomes: readonly StageOutcome[], cwd: string): Promise<Contents> {
  const found = new Map<string, string | undefined>();
  const nothing = { read: () => undefined, write: () => {} };
  for (const { path, kind } of pathsOf(outcomes.map(({ planned }) => planned))) {
    try {
      found.set(`${kind} ${path}`, await contentDigest(resolve(cwd, path), kind, nothing));
    } catch (error) {
      if (!(error instanceof SspError)) throw error;
      found.set(`${kind} ${path}`, undefined);
    }
  }
  return found;
}

function keyCheck(
  { planned, record }: StageOutcome,
  outputs: ReadonlyMap<string, Output | undefined>,
  contents: Contents,
): Check {
  const check = { id: planned.id, what: 'key', expected: record?.key ?? '' };
  const known = record?.record ?? planned.record;
  if (!known || planned.inputs.some((id) => outputs.get(id) === undefined)) {
    return { ...check, holds: undefined, why: 'what it is the digest of is not known here' };
  }
  const input = (id: string) => outputs.get(id) ?? { type: '', digest: '', metrics: {} };
  const numeric = known.numeric ?? numericOf(known.params.precision);
  const content = (path: string, kind: 'file' | 'folder') => contents.get(`${kind} ${path}`);
  const made = keyIfSeen(planned, input, content, numeric, seenInKey(known));
  if (made.key === check.expected) return { ...check, holds: true };
  if (made.key === undefined && agrees(made.record, known)) {
    const missing = [...made.unseen, ...planned.unset.map((name) => `the variable ${name}`)];
    return { ...check, holds: undefined, why: `${missing.join(', ')} is not on this machine` };
  }
  return { ...check, holds: false, why: `what lies here makes ${made.key ?? 'another record'}` };
}

/** Of a stage that does not compute with tensors. */
const numericOf = (precision: unknown): NumericClass => ({
  device: 'cpu',
  precision: precision === 'bf16' ? 'bf16' : 'fp32',
});

function resultCheck({ outcome, planned, record }: StageOutcome): Check {
  const output = record?.output;
  const check = { id: planned.id, what: 'result', expected: output?.digest ?? '' };
  if (!output || outcome === 'locked') {
    return { ...check, holds: undefined, why: 'the store does not have it' };
  }
  const { digest } = outputOf(output.type, output.files, output.metrics, output);
  if (digest === output.digest) return { ...check, holds: true };
  return { ...check, holds: false, why: `its files and metrics make ${digest}` };
}

async function fileChecks(
  { planned: { id }, record }: StageOutcome,
  store: Store,
): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const [name, { digest, size }] of Object.entries(record?.output.files ?? {})) {
    const { wrong } = await contentAsIs(store, digest, size);
    const why = wrong === undefined ? {} : { why: `it ${wrong}` };
    checks.push({ id, what: `file ${name}`, expected: digest, holds: wrong === undefined, ...why });
  }
  return checks;
}
