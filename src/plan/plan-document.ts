import type { Json } from '../base/canonical.js';
import type { Place } from '../base/source.js';
import type { Change, Plan, PlannedStage, Rungs } from './plan.js';
import type { PointCode } from './point-code.js';

/** The document of `ssp plan --json`; its shape is published as `grammar/schema/plan.json`. */
export function planDocument(plan: Plan): { readonly [key: string]: Json } {
  return {
    version: 1,
    file: plan.file,
    stages: plan.stages.map(stageDocument),
    summary: { ...plan.summary },
  };
}

/** One stage as documents print it: `ssp run --json` adds to it. */
export function stageDocument(stage: PlannedStage): { readonly [key: string]: Json } {
  const { reason, resources } = stage;
  const needs = Object.entries(resources).flatMap(([name, value]) =>
    typeof value === 'number' ? [[name, value] as const] : [],
  );
  return {
    id: stage.id,
    name: stage.name,
    stage: stage.stage,
    stageVersion: stage.version,
    result: stage.result,
    point: { ...stage.point },
    key: stage.key ?? null,
    action: stage.action,
    reason: {
      kind: reason.kind,
      changes: reason.changes.map(changeDocument),
      ...(reason.waitsFor ? { waitsFor: reason.waitsFor } : {}),
      ...(reason.why === undefined ? {} : { why: reason.why }),
    },
    params: { ...stage.params },
    ...(stage.keep ? { keep: stage.keep } : {}),
    ...(stage.epoch === undefined ? {} : { epoch: stage.epoch }),
    ...(stage.rungs ? { halving: halvingDocument(stage.rungs) } : {}),
    inputs: stage.inputs,
    resources: Object.fromEntries(needs),
    ...(stage.code ? { code: codeDocument(stage.code) } : {}),
    at: placeDocument(stage.at),
  };
}

function halvingDocument({ over, by, factor, of }: Rungs): Json {
  return { over, by, factor, after: of.map(({ epoch }) => epoch) };
}

function codeDocument(code: PointCode): Json {
  if (code.kind !== 'command') {
    const { kind, path, values = [], imports } = code;
    return { [kind]: kind === 'values' ? values : path, imports };
  }
  const reads = code.reads.map(({ path }) => path);
  return { command: code.words, folder: code.folder, reads };
}

function changeDocument({ path, before, after, at }: Change): Json {
  return {
    path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(at === undefined ? {} : { at: placeDocument(at) }),
  };
}

function placeDocument({ file, line, column }: Place): Json {
  return { file, line, column };
}
