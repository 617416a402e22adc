import { diagnose } from '../../../base/codes.js';
import type { Argument, CallExpression } from '../../ast.js';
import type { Arg, Extern, ExternParam, Term } from '../../program.js';
import { shortName } from '../../terms/call-labels.js';
import { showType } from '../../types/show-type.js';
import { apart, type Context } from '../context.js';
import type { Misfit } from './check-argument.js';
import { coerce } from './coerce.js';
import { writtenAs } from './place-arguments.js';

/** Parameters that nothing is given for, where all else stands in its order. */
export interface LeftOut {
  readonly params: readonly ExternParam[];
  /** What stands where the first of them would. */
  readonly before: Argument;
  /** The parameters that the arguments behind are meant for. */
  readonly meant: ReadonlySet<string>;
  /** What then no longer is a mistake. */
  readonly misfits: ReadonlySet<Misfit>;
}

/**
 * The required parameters that arguments in order leave out: from the first that does not fit, each
 * fits the parameter that stands as many places behind.
 */
export function leftOut(
  { params }: Extern,
  given: ReadonlyMap<string, Argument>,
  written: readonly Arg[],
  misfits: readonly Misfit[],
  context: Context,
): LeftOut | undefined {
  const [first] = misfits;
  if (first === undefined || !wrongKind(first)) return undefined;
  const from = params.slice(params.indexOf(first.param));
  const inOrder = ({ name }: ExternParam) => {
    const argument = given.get(name);
    return argument !== undefined && writtenAs(argument).name !== name && !argument.name;
  };
  const moved = from.filter(inOrder);
  if (moved[0] !== first.param) return undefined;
  const places = from.filter((param) => !given.has(param.name) || inOrder(param));
  const termOf = ({ name }: ExternParam): Term | undefined =>
    misfits.find(({ param }) => param.name === name)?.term ??
    written.find((arg) => arg.name === name)?.value;
  const fits = (from: ExternParam, to: ExternParam | undefined): boolean => {
    const [term, argument] = [termOf(from), given.get(from.name)];
    if (!term || !argument || !to) return false;
    const { context: quiet, found } = apart(context);
    coerce(term, to.type, argument.value, '', quiet);
    return found.length === 0;
  };
  for (let count = 1; count + moved.length <= places.length; count += 1) {
    const out = places.slice(0, count);
    if (out.some((param) => param.default)) return undefined;
    if (!moved.every((param, i) => fits(param, places[i + count]))) continue;
    const meant = places.slice(count, count + moved.length).map(({ name }) => name);
    const explained = misfits.filter(({ param }) => moved.includes(param));
    return {
      params: out,
      before: first.argument,
      meant: new Set(meant),
      misfits: new Set(explained),
    };
  }
  return undefined;
}

/** Is it of another type, and not only out of bounds? */
function wrongKind({ found }: Misfit): boolean {
  return found[0]?.code === 'wrong-type' || found[0]?.code === 'wrong-unit';
}

/** Says which parameters are missing: those that are left out, and others behind. */
export function reportMissing(
  { callee }: CallExpression,
  extern: Extern,
  missing: readonly ExternParam[],
  out: LeftOut | undefined,
  context: Context,
): void {
  if (missing.length === 0) return;
  const names = missing.map((param) => `\`${param.name}\``).join(', ');
  const takes = missing.map((param) => `\`${param.name}: ${showType(param.type)}\``).join(', ');
  const first = out?.params[0];
  const related =
    out && first
      ? { related: [{ span: out.before.span, message: `\`${first.name}\` belongs before this` }] }
      : {};
  const args = { callee: shortName(extern.name), names };
  const help = `it takes ${takes}`;
  context.report(diagnose('missing-argument', callee.span, args, { help, ...related }));
}
