import { diagnose } from '../../../base/codes.js';
import type { CallExpression } from '../../ast.js';
import type { Arg, Call, Extern, Term } from '../../program.js';
import { shortName } from '../../terms/call-labels.js';
import { dimsOf, unknownDim, unknownTerm } from '../../terms/terms.js';
import { type Context, type Def, noFacts } from '../context.js';
import { assignArguments, missingParams } from './assign-arguments.js';
import { checkArgument, type Misfit, reportMisfits } from './check-argument.js';
import { withFeatures } from './features-of.js';
import { checkNames } from './images-facts.js';
import { withoutKeep } from './kept-epochs.js';
import { leftOut, reportMissing } from './left-out.js';
import { outsideWhere } from './narrow.js';
import { addStage, stageTable } from './stage-table.js';

/** Checks a call of a declared stage or value and fills in its defaults. */
export function checkCall(expression: CallExpression, extern: Extern, context: Context): Call {
  const { given, twice } = assignArguments(expression, extern, context);
  const repeated = repeatedFeatures(extern, given);
  // behind a mistake nobody knows which axes the lost argument would have brought
  const lost = expression.args.length > given.size;
  const misfits: Misfit[] = [];
  const written: Arg[] = [];
  for (const param of extern.params) {
    const argument = given.get(param.name);
    // which of its arguments a parameter was meant to have is unknown
    const fit = twice.has(param.name) ? undefined : misfits;
    const again = written.find(({ name }) => name === repeated.get(param.name));
    if (argument) written.push(checkArgument(argument, param, extern, context, fit));
    else if (again) written.push({ ...again, name: param.name });
    else if (param.default) {
      const value = lost ? { ...param.default, dims: [unknownDim] } : param.default;
      written.push({ name: param.name, value, span: param.span, filled: true });
    } else {
      const { span } = expression;
      written.push({ name: param.name, value: unknownTerm(span), span, filled: true });
    }
  }
  const missing = missingParams(expression, extern, given, repeated);
  const out = missing.length > 0 ? leftOut(extern, given, written, misfits, context) : undefined;
  const lacking = missing.filter(({ name }) => !out?.meant.has(name));
  reportMissing(
    expression,
    extern,
    [...(out?.params ?? []).filter((param) => !lacking.includes(param)), ...lacking],
    out,
    context,
  );
  reportMisfits(
    misfits.filter((misfit) => !out?.misfits.has(misfit)),
    context,
  );
  const { args: left, ...kept } = withoutKeep(written, extern, context);
  const args = withFeatures(left, extern, context);
  const call = { extern, args, ...kept, span: expression.span };
  checkNames(call, context);
  return call;
}

/**
 * Parameters that take what another is given: an encoder of which features of several images are taken is
 * given once, and stands for all of them.
 */
function repeatedFeatures(
  { params }: Extern,
  given: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, string> {
  const takers = params.flatMap(({ name, type }) =>
    type.kind === 'artifact' && type.of !== undefined ? [{ name, images: type.of }] : [],
  );
  const [first] = takers;
  if (!first || !given.has(first.name)) return new Map();
  const others = takers.filter(({ name, images }) => !given.has(name) && images !== first.images);
  return new Map(others.map(({ name }) => [name, first.name]));
}

/**
 * Checks arguments that take the place of others in a call of a description: those that fit, by their
 * parameters; undefined where one does not.
 */
export function checkChanges(
  changes: CallExpression,
  extern: Extern,
  context: Context,
): ReadonlyMap<string, Arg> | undefined {
  const { given, twice } = assignArguments(changes, extern, context);
  const misfits: Misfit[] = [];
  const args = extern.params.flatMap((param) => {
    const argument = given.get(param.name);
    if (!argument || twice.has(param.name)) return [];
    return [checkArgument(argument, param, extern, context, misfits)];
  });
  reportMisfits(misfits, context);
  const lost = misfits.length > 0 || changes.args.length > args.length;
  return lost ? undefined : new Map(args.map((arg) => [arg.name, arg]));
}

/** Checks a call of a declared stage or value: a description as it is, a stage by its name. */
export function checkExternCall(
  expression: CallExpression,
  extern: Extern,
  context: Context,
): Term {
  const inner =
    extern.of === 'stage' ? withPlace(outsideWhere(context), shortName(extern.name)) : context;
  return termOfCall(checkCall(expression, extern, inner), context);
}

/** Where no stage can stand, the outermost call is the mistake, not those in its arguments. */
function withPlace(context: Context, name: string): Context {
  if (context.home.kind === 'stages') return context;
  const table = stageTable();
  const home = { kind: 'stages', name, when: [], dims: [], facts: noFacts, table } as const;
  return { ...context, home };
}

/** The term for a call: a description as it is, a stage by its name. */
function termOfCall(call: Call, context: Context): Term {
  const { extern, span } = call;
  const dims = dimsOf(call.args.map((arg) => arg.value));
  if (extern.result.kind === 'unknown') return { ...unknownTerm(span), dims };
  if (extern.of === 'value') return { kind: 'describe', call, type: extern.result, dims, span };
  if (context.home.kind === 'stages') return addStage(context.home, call);
  reportStageHere(call, context.home.what, context);
  return unknownTerm(span);
}

/** Checks a call of a `def`: what it stands for, with its stages where the call stands. */
export function checkDefCall(expression: CallExpression, def: Def, context: Context): Term {
  const inner = def.work
    ? withPlace(outsideWhere(context), shortName(def.signature.name))
    : context;
  const call = checkCall(expression, def.signature, inner);
  if (!def.work || context.home.kind === 'stages') return def.expand(call, context).term;
  reportStageHere(call, context.home.what, context);
  return unknownTerm(call.span);
}

function reportStageHere({ extern, span }: Call, what: string, context: Context): void {
  const help = 'declare it with `dataset`, `transform`, `train` or `evaluate` and use its name';
  context.report(diagnose('stage-here', span, { name: shortName(extern.name), what }, { help }));
}
