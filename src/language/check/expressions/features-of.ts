import type { Arg, Call, Extern, Resources, Term } from '../../program.js';
import { dimsOf, isUnknown } from '../../terms/terms.js';
import type { Context, StageTable } from '../context.js';

/**
 * The arguments of a call as they reach its work: where features of images are taken, an encoder
 * stands for its features of them, which a stage of their own makes.
 */
export function withFeatures(
  args: readonly Arg[],
  extern: Extern,
  context: Context,
): readonly Arg[] {
  const { home } = context;
  if (home.kind !== 'stages') return args;
  return args.map((arg, i) => {
    const type = extern.params[i]?.type;
    const of = type?.kind === 'artifact' ? type.of : undefined;
    if (of === undefined || !isEncoder(arg.value)) return arg;
    const images = args.find(({ name }) => name === of);
    if (!images || isUnknown(images.value)) return arg;
    const embed: Call = {
      extern: context.embed(),
      args: [
        { ...arg, name: 'encoder' },
        { ...images, name: 'on' },
      ],
      span: arg.span,
    };
    return { ...arg, value: featuresBy(embed, home.table, home.facts.resources) };
  });
}

const isEncoder = ({ type }: Term): boolean => type.kind === 'artifact' && type.name === 'Encoder';

/** The one stage of an encoder's features of images, whatever reads them: `encoder.features.emojis`. */
function featuresBy(call: Call, table: StageTable, resources: Resources): Term {
  const { stages, features, keyOf } = table;
  const values = call.args.map((arg) => arg.value);
  const [encoder, images] = values.map((value) => nameOf(value));
  const key = keyOf(values);
  let name = features.get(key);
  const known = name === undefined ? undefined : stages.get(name);
  if (name === undefined) {
    const first = `${encoder ?? 'encoder'}.features.${images ?? 'images'}`;
    name = first;
    for (let i = 2; stages.has(name); i++) name = `${first}${i}`;
    features.set(key, name);
  }
  const { span, extern } = call;
  const dims = dimsOf(values);
  stages.set(name, {
    name,
    keyword: undefined,
    type: extern.result,
    dims,
    calls: known?.calls ?? [{ when: [], call }],
    where: undefined,
    resources: known ? most(known.resources, resources) : resources,
    doc: undefined,
    span: known?.span ?? span,
  });
  return { kind: 'stage', stage: name, type: extern.result, dims, span };
}

/** What a value is called where it stands; encoders that a training kept by the training. */
function nameOf(term: Term): string | undefined {
  if (term.kind === 'stage') return term.stage;
  if (term.kind === 'axis') return term.axis;
  if (term.kind === 'slice') return nameOf(term.of);
  return term.kind === 'if' ? nameOf(term.then) : undefined;
}

/** What each of two readers says that the work needs; where one sets no limit there is none. */
function most(a: Resources, b: Resources): Resources {
  const larger = (x = 0, y = 0): number | undefined => Math.max(x, y) || undefined;
  const looser = (x: number | undefined, y: number | undefined): number | undefined =>
    x === undefined || y === undefined ? undefined : Math.max(x, y);
  return {
    gpus: larger(a.gpus, b.gpus),
    memoryBytes: larger(a.memoryBytes, b.memoryBytes),
    cpus: looser(a.cpus, b.cpus),
    timeoutSeconds: looser(a.timeoutSeconds, b.timeoutSeconds),
    retries: larger(a.retries, b.retries),
  };
}
