import { outputOf } from '../../src/execute/output.js';
import type { StageOutcome } from '../../src/execute/record.js';
import { compile } from '../../src/language/compile.js';
import type { Program } from '../../src/language/program.js';
import { planPoints } from '../../src/plan/build-plan.js';
import type { PlannedStage, StagePoint } from '../../src/plan/plan.js';
import { unfold } from '../../src/plan/unfold.js';

/** A small library of its own, so that these tests hold whatever the standard library declares. */
const library = new Map([
  [
    'std.lab',
    `
/// Images.
@version(1)
extern stage images(root: Folder) -> Images
/// Pairs of equal class.
@version(1)
extern stage semantic(source: Images) -> Pairs
/// Pairs of equal images.
@version(1)
extern stage augmented(source: Images) -> Pairs
/// An encoder.
@version(1)
extern stage pretrain(pairs: Pairs?, grey: Fraction = 20%, seed: Int = 0) -> Encoder
/// A probe.
@version(1)
extern stage probe(encoder: Encoder, on: Images, k: Int = 20) -> Metrics{top1: Fraction, validation: Fraction}
`,
  ],
]);

/** The program of a text; throws with its first mistake. */
export function compileText(text: string, set: Readonly<Record<string, string>> = {}): Program {
  const readText = (path: string) => (path === 'study.ssp' ? text : undefined);
  const { program, diagnostics } = compile({ readText, library }, 'study.ssp', { set });
  if (!program) throw new Error(diagnostics.map((d) => d.message).join('\n'));
  return program;
}

export const env = { IMAGENET: '/data/imagenet', STL10: '/data/stl10', CIFAR10: '/data/cifar10' };

/** Points as they are planned over an empty store. */
export function plannedOf(points: readonly StagePoint[]): readonly PlannedStage[] {
  const plan = planPoints('study.ssp', points, {
    env,
    numeric: { device: 'cpu', precision: 'fp32' },
    contents: (path) => `digest of ${path}`,
    lookup: () => ({ kind: 'miss' }),
    seenNow: () => 'absent',
    latest: () => undefined,
  });
  return plan.stages;
}

/** Outcomes with made-up metrics; a point for which there are none has failed. */
export function outcomesOf(
  program: Program,
  metricsOf: (point: StagePoint) => Readonly<Record<string, number>> | undefined,
): readonly StageOutcome[] {
  return plannedOf(unfold(program, { env })).map((planned) => {
    const metrics = metricsOf(planned);
    if (!metrics) {
      const failure = { code: 'nan-loss', message: 'the loss is NaN' };
      return { planned, outcome: 'failed', seconds: 1, record: undefined, failure };
    }
    const key = planned.id
      .padEnd(64, '0')
      .replaceAll(/[^0-9a-f]/g, '0')
      .slice(0, 64);
    const record = {
      format: 'ssp-key/1',
      stage: planned.stage,
      version: planned.version,
      params: {},
      numeric: null,
    } as const;
    return {
      planned,
      outcome: 'ran',
      seconds: 2,
      record: {
        version: 1,
        key,
        record,
        id: planned.id,
        output: outputOf(planned.result, {}, metrics),
        seconds: 2,
        finishedAt: '2026-01-01T00:00:00.000Z',
        environment: { node: 'v20', threads: planned.keyword === 'train' ? 4 : 1 },
      },
    };
  });
}
