import { resolve } from 'node:path';
import type { Json } from '../../base/canonical.js';
import { invariant } from '../../base/errors.js';
import { secretIn } from '../../base/secret.js';
import { pathsOf } from '../../plan/named-paths.js';
import type { PlannedStage } from '../../plan/plan.js';
import type { PlanWorld } from '../../plan/plan-world.js';
import type { PointCode } from '../../plan/point-code.js';
import type { Output } from '../record.js';
import type { Task, TaskCode } from '../task.js';
import type { Lease } from './executor.js';

/** The task of a planned stage: what its worker needs to know, and nothing of this run. */
export function taskOf(
  stage: PlannedStage,
  inputs: (id: string) => Output,
  lease: Lease,
  world: PlanWorld,
  cwd: string,
): Task {
  const { key, record } = stage;
  invariant(key !== undefined && record, `\`${stage.id}\` has a key`);
  const artifacts = new Set<string>();
  digestsIn(record.params, artifacts);
  const outputs = stage.inputs.map(inputs).filter((output) => artifacts.has(output.digest));
  const paths = pathsOf([stage]).map(({ path, kind }) => {
    const digest = world.contents(path, kind);
    invariant(digest !== undefined, `${path} was read before \`${stage.id}\` had a key`);
    return { path: resolve(cwd, path), kind, digest };
  });
  const secrets = new Map<string, string>();
  for (const value of Object.values(stage.params)) secretsOf(value, secrets);
  return {
    version: 1,
    key,
    id: stage.id,
    record,
    result: stage.result,
    fields: stage.fields ?? {},
    ...(stage.code ? { code: codeOf(stage.code, cwd) } : {}),
    inputs: Object.fromEntries(outputs.map((output) => [output.digest, output])),
    ...(stage.declared === undefined ? {} : { declared: stage.declared }),
    paths,
    ...(secrets.size > 0 ? { secrets: Object.fromEntries(secrets) } : {}),
    threads: lease.threads,
    gpus: lease.gpus,
    memoryBytes: stage.resources.memoryBytes,
    timeoutSeconds: stage.resources.timeoutSeconds,
    collapsedEpochs: stage.resources.collapsedEpochs,
    ...(stage.keep ? { keep: stage.keep } : {}),
    ...(stage.rungs ? { rungs: stage.rungs.of.map(({ epoch }) => epoch) } : {}),
  };
}

function codeOf(code: PointCode, cwd: string): TaskCode {
  if (code.kind === 'command') {
    return { kind: 'command', words: code.words, folder: resolve(cwd, code.folder) };
  }
  const values = code.values?.map((path) => resolve(cwd, path));
  return { kind: code.kind, path: resolve(cwd, code.path), ...(values && { values }) };
}

/** Collects the names of the variables that are secrets, by their digests. */
function secretsOf(value: Json, into: Map<string, string>): void {
  if (value === null || typeof value !== 'object') return;
  const record = value as { readonly [key: string]: Json }; // lists have their indices
  const secret = Array.isArray(value) ? undefined : secretIn(record);
  if (secret?.name !== undefined) into.set(secret.digest, secret.name);
  // The arguments of a description and the fields of a wrapped record have names of their own.
  const inside = 'describe' in record ? record.args : (record.record ?? record);
  for (const part of Object.values(inside ?? {})) secretsOf(part, into);
}

/** Collects the digests that stand as `{artifact: digest}`. */
function digestsIn(value: Json | Readonly<Record<string, Json>>, into: Set<string>): void {
  if (value === null || typeof value !== 'object') return;
  for (const [name, part] of Object.entries(value)) {
    if (name === 'artifact' && typeof part === 'string') into.add(part);
    digestsIn(part, into);
  }
}
