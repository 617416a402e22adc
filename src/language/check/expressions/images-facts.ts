import { diagnose } from '../../../base/codes.js';
import type { Advice } from '../../../base/diagnostic.js';
import type { Arg, Call, Extern, Term } from '../../program.js';
import { shortName } from '../../terms/call-labels.js';
import { evaluate } from '../../terms/evaluate.js';
import { labelAt } from '../../terms/label-at.js';
import { type At, type Axes, fewPointsOver } from '../../terms/points-over.js';
import { unionDims } from '../../terms/terms.js';
import type { ImagesPart, Type } from '../../types.js';
import { choose } from '../advice/choose.js';
import type { Context } from '../context.js';

/** The type of a call's result: images that have the attributes of others have those of the argument. */
export function resultOf({ extern, args }: Call): Type {
  const { result } = extern;
  if (result.kind !== 'artifact' || result.facts === undefined) return result;
  const facts: Partial<Record<ImagesPart, readonly string[]>> = {};
  for (const part of ['attributes', 'splits'] as const) {
    const declared = result.facts[part];
    if (declared === undefined) continue;
    const known = 'of' in declared ? namesOf(argument(args, declared.of), part) : declared;
    if (known) facts[part] = known;
  }
  return { ...result, facts };
}

/**
 * Says where an argument names an attribute or a split that the images of the call do not have. Of
 * images of which nothing is declared nothing is said before they are made.
 */
export function checkNames({ extern, args, span }: Call, context: Context): void {
  for (const param of extern.params) {
    const type = param.type.kind === 'optional' ? param.type.of : param.type;
    const names = type.kind === 'string' ? type.names : undefined;
    const arg = argument(args, param.name);
    const images = names && argument(args, names.of);
    if (!names || !arg || !images) continue;
    // an optional one that nobody wrote need not be there
    if (arg.filled && param.type.kind === 'optional') continue;
    const mistake = firstMistake(arg.value, images.value, names.part, context);
    if (!mistake) continue;
    const { name, known } = mistake;
    const what = names.part === 'splits' ? 'split' : 'attribute';
    const place = arg.filled ? span : arg.span;
    const advice = adviceFor(arg, name, known, param.name, extern);
    context.report(diagnose('not-in-images', place, { what, name }, advice));
  }
}

/** The first name that the images of its point do not have, and those that they have. */
function firstMistake(
  names: Term,
  images: Term,
  part: ImagesPart,
  { axes }: Context,
): { readonly name: string; readonly known: readonly string[] } | undefined {
  for (const at of fewPointsOver(unionDims(names.dims, images.dims), axes, mostPoints)) {
    const name = evaluate(names, at, axes);
    const known = namesIn(imagesAt(images, at, axes).type, part);
    if (known && typeof name === 'string' && !known.includes(name)) return { name, known };
  }
  return undefined;
}

/** What images are at a point, as far as the text tells: the entry of an axis, the arm of a choice. */
function imagesAt(term: Term, at: At, axes: Axes): Term {
  const go = (inner: Term | undefined) => (inner ? imagesAt(inner, at, axes) : term);
  switch (term.kind) {
    case 'axis': {
      const axis = axes.get(term.axis);
      return go(axis && labelAt(axis, at[term.axis])?.value);
    }
    case 'slice':
      return term.set
        ? go(term.of)
        : imagesAt(term.of, { ...at, [term.axis]: term.labels[0] ?? '' }, axes);
    case 'match': {
      const label = 'axis' in term.of ? at[term.of.axis] : evaluate(term.of.value, at, axes);
      const arm = term.arms.find(({ labels }) => labels.some((each) => each === label));
      return go(arm?.value ?? term.else);
    }
    case 'if': {
      const condition = evaluate(term.condition, at, axes);
      return typeof condition === 'boolean' ? go(condition ? term.then : term.else) : term;
    }
    default:
      return term;
  }
}

/** More points than this are not tried one by one; the stage finds it out. */
const mostPoints = 10_000;

function adviceFor(
  arg: Arg,
  wrong: string,
  known: readonly string[],
  param: string,
  extern: Extern,
): Advice {
  const advice = choose({ text: wrong, span: arg.span }, known, 'they have none', JSON.stringify);
  if (!arg.filled) return arg.value.kind === 'literal' ? advice : { help: advice.help };
  const given = `\`${param}\` of \`${shortName(extern.name)}\` is \`${JSON.stringify(wrong)}\` where none is given`;
  return { help: `${given}; ${advice.help}` };
}

const argument = (args: readonly Arg[], name: string): Arg | undefined =>
  args.find((arg) => arg.name === name);

const namesOf = (arg: Arg | undefined, part: ImagesPart): readonly string[] | undefined =>
  arg && namesIn(arg.value.type, part);

/** The attributes or splits of images, where they are known. */
function namesIn(type: Type, part: ImagesPart): readonly string[] | undefined {
  const facts = type.kind === 'artifact' ? type.facts?.[part] : undefined;
  return facts === undefined || 'of' in facts ? undefined : facts;
}
