import { pathsOf } from '../../plan/named-paths.js';
import type { PlannedStage } from '../../plan/plan.js';
import type { Contents } from '../../plan/point-code.js';
import { unitOf } from '../findings/unit-of.js';
import type { Cell, StageOutcome, StageResult } from '../record.js';

/** What a trace tells of a stage. */
export interface TracedStage
  extends Pick<PlannedStage, 'id' | 'stage' | 'version' | 'at' | 'inputs'> {
  readonly outcome: StageOutcome['outcome'];
  readonly key: string | undefined;
  /** In what its metrics are measured. */
  readonly units: Readonly<Record<string, Cell['unit']>>;
  /** The words of the command that it runs. */
  readonly command?: readonly string[];
  readonly data: readonly TracedData[];
  /** Why there is no result. */
  readonly missing?: string;
  /** All that the store, or a lock, keeps of the result. */
  readonly record: StageResult | undefined;
}

/** A file or folder that a stage names, and its digest where it is on this machine. */
export interface TracedData {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly digest: string | null;
}

export function tracedStage(
  { planned, outcome, record, failure }: StageOutcome,
  contents: Contents,
): TracedStage {
  const { id, stage, version, at, inputs, fields = {}, code } = planned;
  return {
    id,
    stage,
    version,
    at: { file: at.file, line: at.line, column: at.column },
    inputs,
    outcome,
    key: record?.key ?? planned.key,
    units: Object.fromEntries(Object.entries(fields).map(([field, type]) => [field, unitOf(type)])),
    ...(code?.kind === 'command' && { command: code.words }),
    data: pathsOf([planned]).map(({ path, kind }) => ({
      path,
      kind,
      digest: contents(path, kind) ?? null,
    })),
    ...(failure && { missing: failure.message }),
    record,
  };
}
