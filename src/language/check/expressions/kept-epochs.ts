import { diagnose } from '../../../base/codes.js';
import { insert } from '../../../base/fix.js';
import type { Arg, Call, Extern, Keep, Stage, Term } from '../../program.js';
import { evaluate } from '../../terms/evaluate.js';
import { fewPointsOver } from '../../terms/points-over.js';
import { dimsOf, isUnknown, unionDims, unknownDim } from '../../terms/terms.js';
import { numberType } from '../../types/join-types.js';
import type { Type } from '../../types.js';
import { type CheckedAxis, type Context, type Home, noInner } from '../context.js';

/** The axis of the epochs whose encoders trainings keep. */
export const AT = 'at';

/** More lengths than this that one training has are not told apart. */
const mostLengths = 10_000;

/**
 * What `keep` of a training asks for, and the arguments that are left for its work: what is kept
 * changes nothing of what is trained.
 */
export function withoutKeep(
  args: readonly Arg[],
  { name, params }: Extern,
  context: Context,
): { readonly args: readonly Arg[]; readonly keep?: Keep } {
  const at = name.startsWith('std.') ? params.findIndex(({ type }) => isEpochs(type)) : -1;
  const given = args[at];
  if (!given) return { args };
  const left = args.filter((arg) => arg !== given);
  const length = left.find(({ name }) => name === 'epochs');
  const wanted = chosen(given.value, context);
  if (wanted === 'nothing' || length === undefined || isUnknown(length.value)) {
    return { args: left };
  }
  const early = left.find((arg) => arg.value.dims.includes(AT));
  if (early) {
    const last = context.axes.get(AT)?.labels.at(-1)?.label ?? '';
    const help = `slice one out, as in \`[at: ${last}]\`, or leave \`keep\` out here`;
    const fixes = [insert(early.span, early.span.end, `[at: ${last}]`)];
    context.report(diagnose('kept-along-at', early.span, {}, { help, fixes }));
    return { args: left };
  }
  const lengths = lengthsOf(length.value, context);
  if (wanted === undefined || lengths === undefined) {
    const { value } = wanted === undefined ? given : length;
    // inside a `def` it may be known where that is called
    if (value.dims.includes(unknownDim)) return { args: left };
    const what = wanted === undefined ? '`keep`' : 'how long a training is that keeps encoders';
    const { span } = wanted === undefined ? given : length;
    context.report(diagnose('not-constant', span, { what }));
    return { args: left };
  }
  const longest = Math.max(...lengths);
  const epochs = wanted.epochs(longest);
  const beyond = epochs.find((epoch) => epoch > longest);
  if (beyond !== undefined) {
    const expected = `epochs of the training, which has ${longest}`;
    const what = `\`${wanted.name}\``;
    context.report(diagnose('out-of-range', given.span, { what, expected, found: `${beyond}` }));
    return { args: left };
  }
  context.keepAt(
    [...epochs, ...lengths].filter((epoch) => epoch <= longest),
    given.span,
  );
  return { args: left, keep: { epochs, length: length.value } };
}

/** Does a parameter say which epochs are kept? */
export const isEpochs = (type: Type): boolean =>
  type.kind === 'optional'
    ? isEpochs(type.of)
    : type.kind === 'description' && type.name === 'Epochs';

/** The epochs that a value of `keep` means, of a training of so many. */
interface Chosen {
  readonly name: string;
  readonly epochs: (length: number) => readonly number[];
}

/** Undefined where the text alone does not tell. */
function chosen(term: Term, context: Context): Chosen | 'nothing' | undefined {
  if (isUnknown(term) || (term.kind === 'literal' && term.value === null)) return 'nothing';
  if (term.kind === 'if') {
    const condition = evaluate(term.condition, {}, context.axes);
    if (typeof condition !== 'boolean') return undefined;
    return chosen(condition ? term.then : term.else, context);
  }
  if (term.kind !== 'describe') return undefined;
  const [only] = term.call.args;
  if (!only || isUnknown(only.value)) return 'nothing';
  const value = evaluate(only.value, {}, context.axes);
  switch (term.call.extern.name) {
    case 'std.train.every':
      if (typeof value !== 'number') return undefined;
      return {
        name: 'every',
        epochs: (length) =>
          Array.from({ length: Math.floor(length / value) }, (_, i) => (i + 1) * value),
      };
    case 'std.train.after':
      if (!Array.isArray(value)) return undefined;
      return { name: 'after', epochs: () => sorted(value.map(Number)) };
    default:
      return undefined;
  }
}

/** How many epochs a training has, at all of its points. */
function lengthsOf(term: Term, { axes }: Context): readonly number[] | undefined {
  const lengths = fewPointsOver(term.dims, axes, mostLengths).map((at) => evaluate(term, at, axes));
  const numbers = lengths.filter((length) => typeof length === 'number');
  return numbers.length > 0 && numbers.length === lengths.length ? sorted(numbers) : undefined;
}

const sorted = (numbers: readonly number[]): readonly number[] =>
  [...new Set(numbers)].sort((a, b) => a - b);

/** The axis with some more epochs. */
export function axisWith(
  known: CheckedAxis | undefined,
  epochs: readonly number[],
  span: CheckedAxis['span'],
): CheckedAxis {
  const before = known?.labels.map(({ label }) => Number(label)) ?? [];
  const type = numberType('Int');
  return {
    name: AT,
    shown: 'Epoch',
    doc: 'Epochs after which `keep` of a training keeps the encoder, and the last of each training.',
    labels: sorted([...before, ...epochs]).map((epoch) => ({
      label: String(epoch),
      value: { kind: 'literal', value: epoch, type, dims: [], span },
      span,
    })),
    span: known?.span ?? span,
    type,
    dims: [AT],
    calls: [],
    inner: noInner,
  };
}

/**
 * The encoders of a training over the axis `at`: at its last epoch that of the training itself, at
 * those before that of a stage of their own, `encoder.at`.
 */
export function encodersAt(
  training: Extract<Term, { kind: 'stage' }>,
  { span, ...call }: Call & { readonly keep: Keep },
  { when, table }: Extract<Home, { kind: 'stages' }>,
): Term {
  const { stages } = table;
  const whole = stages.get(training.stage);
  if (!whole) return training;
  let name = `${training.stage}.${AT}`;
  for (let i = 2; stages.has(name); i++) name = `${training.stage}.${AT}${i}`;
  const { keep } = call;
  const epoch: Term = { kind: 'axis', axis: AT, type: numberType('Int'), dims: [AT], span };
  const bool = { kind: 'bool' } as const;
  const both = (operator: 'and' | '<' | '==', left: Term, right: Term): Term => {
    return { kind: 'binary', operator, left, right, type: bool, dims: dimsOf([left, right]), span };
  };
  const labels = keep.epochs.map(String);
  const of = { axis: AT };
  const isKept: Term = { kind: 'is', of, labels, negated: false, type: bool, dims: [AT], span };
  const isEarlier = both('and', isKept, both('<', epoch, keep.length));
  const dims = unionDims(whole.dims, [AT], keep.length.dims);
  const { type } = training;
  const earlier: Stage = {
    ...whole,
    name,
    keyword: undefined,
    type,
    dims,
    calls: [{ when, call: { ...call, span } }],
    where: whole.where ? both('and', whole.where, isEarlier) : isEarlier,
    training: training.stage,
    doc: undefined,
  };
  stages.set(name, earlier);
  const then = training;
  return {
    kind: 'if',
    condition: both('==', epoch, keep.length),
    then,
    else: { kind: 'stage', stage: name, type, dims, span },
    type,
    dims,
    span,
  };
}
