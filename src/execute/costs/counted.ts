import { canonical, type Json } from '../../base/canonical.js';
import { isRecord } from '../../base/own.js';
import type { PlannedStage } from '../../plan/plan.js';

/** What can be said of a stage by what is written, if anything. */
export interface Counts {
  readonly operations?: number;
  readonly bytes?: number;
}

/** What of a plan can be said by counting, of which nothing like was measured. */
export interface Counted {
  /** Declarations whose operations are counted; their points, of which equal ones count once. */
  readonly names: readonly string[];
  readonly points: number;
  /** Multiplications and additions of networks. */
  readonly operations: number;
  /** Of results that are to be made on the way: images, encoders, features. */
  readonly bytes: number;
  /** Declarations that want a GPU and that nothing is known of. */
  readonly unknown: readonly string[];
}

/** How a stage is counted, given what was counted of the stages that it reads. */
export type CountOf<Count extends Counts> = (
  stage: PlannedStage,
  of: (param: Json | undefined) => Count | undefined,
) => Count;

/**
 * Counts what is to be done of a plan and was not measured; undefined where nothing that wants a GPU is.
 * Stages stand after their inputs.
 */
export function counted<Count extends Counts>(
  stages: readonly PlannedStage[],
  isMeasured: (stage: PlannedStage) => boolean,
  countOf: CountOf<Count>,
): Counted | undefined {
  const isOpen = (stage: PlannedStage): boolean =>
    stage.action !== 'hit' && stage.action !== 'drop' && !isMeasured(stage);
  if (!stages.some((stage) => wantsGpu(stage) && isOpen(stage))) return undefined;
  const counts = new Map<string, Count>();
  const seen = new Set<string>();
  const [names, unknown] = [new Set<string>(), new Set<string>()];
  let [points, operations, bytes] = [0, 0, 0];
  for (const stage of stages) {
    const count = countOf(stage, (param) =>
      isRecord(param) && typeof param.input === 'string' ? counts.get(param.input) : undefined,
    );
    counts.set(stage.id, count);
    if (!isOpen(stage)) continue;
    const what = stage.key ?? canonical([stage.stage, stage.params]);
    if (seen.has(what)) continue;
    seen.add(what);
    bytes += count.bytes ?? 0;
    if (!wantsGpu(stage)) continue;
    if (count.operations === undefined) {
      unknown.add(stage.name);
      continue;
    }
    names.add(stage.name);
    points++;
    operations += count.operations;
  }
  return { names: [...names], points, operations, bytes, unknown: [...unknown] };
}

const wantsGpu = ({ resources }: PlannedStage): boolean => (resources.gpus ?? 0) > 0;
