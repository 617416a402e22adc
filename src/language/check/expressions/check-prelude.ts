import { diagnose } from '../../../base/codes.js';
import type { Expression } from '../../ast.js';
import type { Term } from '../../program.js';
import { reductionNames, reductionOf } from '../../reductions.js';
import { isUnknown, unknownTerm } from '../../terms/terms.js';
import { apart, type Context } from '../context.js';
import { checkReduction } from './check-reduction.js';

/** The names that every file has. */
export const preludeNames: readonly string[] = [
  'table',
  'pivot',
  ...reductionNames,
  'file',
  'env',
  'secret',
  'search',
  'log',
];

/** Checks a call of a built-in function. */
export function checkPrelude(
  name: string,
  expression: Extract<Expression, { kind: 'call' }>,
  context: Context,
): Term {
  const reduction = reductionOf(name);
  if (reduction) return checkReduction(reduction, expression, context);
  if (name === 'file') return checkFile(expression, context);
  if (name === 'search' || name === 'log') return elsewhereThanAtAxis(name, expression, context);
  for (const argument of expression.args) context.check(argument.value, context);
  const report = name === 'table' || name === 'pivot';
  const help = report ? `write \`report name = ${name}(…)\`` : `name a variable: \`${name}.NAME\``;
  const code = report ? 'report-here' : 'not-callable';
  context.report(diagnose(code, expression.callee.span, { name }, { help }));
  return unknownTerm(expression.span);
}

/** What draws the values of an axis, where no axis is. */
function elsewhereThanAtAxis(
  name: 'search' | 'log',
  { args, span }: Extract<Expression, { kind: 'call' }>,
  context: Context,
): Term {
  // what it names is used; that `log` stands there is no further mistake
  const quiet = apart(context).context;
  for (const { value } of args) context.check(value, quiet);
  const help =
    name === 'search' ? 'write `axis NAME = search(…)`' : 'write it inside `search(…)` of an axis';
  context.report(diagnose('search-here', span, { name }, { help }));
  return unknownTerm(span);
}

/** `file("pairs.csv")`. */
function checkFile(expression: Extract<Expression, { kind: 'call' }>, context: Context): Term {
  const [first, ...rest] = expression.args;
  for (const extra of rest) context.check(extra.value, context);
  const path = first ? context.check(first.value, context) : unknownTerm(expression.span);
  const text = path.type.kind === 'string' || (first !== undefined && isUnknown(path));
  if (!text || rest.length > 0 || first?.name) {
    const args = { name: 'file', expected: 'one String' };
    context.report(diagnose('built-in-arguments', expression.span, args));
    return unknownTerm(expression.span);
  }
  if (isUnknown(path)) return path;
  const { dims } = path;
  return { kind: 'file', path, folder: false, type: { kind: 'path' }, dims, span: expression.span };
}
