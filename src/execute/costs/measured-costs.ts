import { canonical, type Json } from '../../base/canonical.js';
import { isRecord } from '../../base/own.js';
import type { StagePoint } from '../../plan/plan.js';
import type { StageRecord } from '../record.js';
import { lastSeen } from '../store/latest.js';
import type { Store } from '../store/store.js';

/** What a stage costs. */
export interface Cost {
  readonly seconds: number;
  /** Of its result. */
  readonly bytes: number;
  readonly gpus: number;
  readonly threads: number;
  /** Was it measured of the same program, with the same network on views of the same size, in the same batches and precision? */
  readonly sameWork: boolean;
}

/** What a point will cost, as far as a like one was measured. */
export type CostOf = (point: Pick<StagePoint, 'stage' | 'params' | 'code'>) => Cost | undefined;

/** Says a cost what the stage will cost? Times of a processor say nothing of a GPU, which a stage that wants one gets with `onGpus`. */
export const isMeasured = (
  { resources }: Pick<StagePoint, 'resources'>,
  cost: Cost | undefined,
  { onGpus }: { readonly onGpus: boolean },
): cost is Cost =>
  cost?.sameWork === true && !(onGpus && (resources.gpus ?? 0) > 0 && cost.gpus === 0);

/** Records of a stage that are looked at, and comparisons of a point with one in all. */
const RECENT = 20;
const COMPARISONS = 20_000;

/**
 * The costs of points as they were measured of like ones: of the records that the last runs used of the
 * same stage, the one with the most equal parameters. Time goes with `epochs`, where both have them. A point is
 * compared once, whoever asks, so that all are told the same of it.
 */
export function measuredCosts(store: Store): CostOf {
  const seen = lastSeen(store);
  const known = new Map<string, readonly Measured[]>();
  let left = COMPARISONS;
  const measuredOf = (stage: string): readonly Measured[] => {
    let found = known.get(stage);
    if (found === undefined) {
      found = seen.recent(stage, RECENT).map(measured);
      known.set(stage, found);
    }
    return found;
  };
  const compare: CostOf = ({ stage, params, code }) => {
    const program = code?.kind === 'command' ? programOf(code.words) : undefined;
    const all = measuredOf(stage);
    // Another file may have a stage of the same name that does something else.
    const alike = all.filter((one) => one.program === program);
    const candidates = alike.length > 0 ? alike : all;
    const [latest] = candidates;
    if (latest === undefined) return undefined;
    let best = { from: latest, equal: -1 };
    if (left >= candidates.length) {
      left -= candidates.length;
      const texts = Object.entries(params).map(([name, value]) => [name, textOf(value)] as const);
      for (const from of candidates) {
        const equal = texts.filter(([name, text]) => from.texts.get(name) === text).length;
        if (equal > best.equal) best = { from, equal };
      }
    }
    const { cost, epochs, work } = best.from;
    const scale = epochs === undefined ? 1 : (epochsIn(params) ?? epochs) / epochs;
    const sameWork = alike.length > 0 && work === workIn(params);
    return { ...cost, seconds: cost.seconds * scale, sameWork };
  };
  const told = new WeakMap<object, { readonly cost: Cost | undefined }>();
  return (point) => {
    const { cost } = told.get(point) ?? { cost: compare(point) };
    told.set(point, { cost });
    return cost;
  };
}

interface Measured {
  readonly cost: Omit<Cost, 'sameWork'>;
  readonly epochs: number | undefined;
  readonly work: string;
  /** Of a stage that is a command. */
  readonly program: string | undefined;
  readonly texts: ReadonlyMap<string, string>;
}

function measured({ record, output, seconds, environment }: StageRecord): Measured {
  const blobs = new Map(Object.values(output.files).map(({ digest, size }) => [digest, size]));
  const bytes = [...blobs.values()].reduce((sum, size) => sum + size, 0);
  const { gpus, threads } = environment;
  return {
    cost: { seconds, bytes, gpus: countIn(gpus, 0), threads: countIn(threads, 1) },
    epochs: epochsIn(record.params),
    work: workIn(record.params),
    program: programIn(record.code),
    texts: new Map(Object.entries(record.params).map(([name, value]) => [name, textOf(value)])),
  };
}

function programIn(code: Json | undefined): string | undefined {
  const words = isRecord(code) ? code.command : undefined;
  return Array.isArray(words) ? programOf(words.map(String)) : undefined;
}

/** What a command runs: its words before the first parameter. */
function programOf(words: readonly string[]): string {
  const first = words.findIndex((word) => word.includes('{'));
  return words.slice(0, first < 0 ? words.length : first).join('\n');
}

const countIn = (value: Json | undefined, otherwise: number): number =>
  typeof value === 'number' && value > 0 ? value : otherwise;

const epochsIn = ({ epochs }: Readonly<Record<string, Json>>): number | undefined =>
  typeof epochs === 'number' && epochs > 0 ? epochs : undefined;

/** Parameters that decide how much there is to compute: of another network nothing can be said. */
const working = ['backbone', 'batch', 'precision', 'size', 'local_size', 'patches_size'];

/** What of the parameters, and of the descriptions among them, decides how much there is to compute. */
function workIn(params: Readonly<Record<string, Json>>): string {
  const found: Json[] = [];
  const look = (value: Json, name: string): void => {
    if (working.includes(name)) found.push([name, value]);
    else if (isRecord(value)) {
      for (const [inner, of] of Object.entries(value)) look(of as Json, inner);
    }
  };
  for (const name of Object.keys(params).sort()) look(params[name] ?? null, name);
  return canonical(found);
}

/** A parameter as it is compared: results are alike, whichever they are. */
const textOf = (value: Json): string =>
  isRecord(value) && (Object.hasOwn(value, 'input') || Object.hasOwn(value, 'artifact'))
    ? 'a result'
    : canonical(value);
