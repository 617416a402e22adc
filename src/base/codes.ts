import type { Advice, Diagnostic, Related, Severity } from './diagnostic.js';
import type { Span } from './source.js';

/** Values that a message shows; names and texts go in back-quotes. */
type Args = Readonly<Record<string, string | number>>;

interface Code {
  readonly severity: Severity;
  /** What was found and what was expected: lower case, names in back-quotes. */
  readonly message: (args: Args) => string;
}

const error = (message: Code['message']): Code => ({ severity: 'error', message });
const warning = (message: Code['message']): Code => ({ severity: 'warning', message });

/**
 * The one table of what a user can get wrong. A code is stable once released; each has a fixture
 * `test/fixtures/diagnostics/<code>.ssp`. Adding one: an entry here and that fixture.
 */
export const codes = {
  // text and syntax
  'unexpected-character': error((a) => `found \`${a.found}\`, which begins no token`),
  'block-comment': error(() => 'found `/*`, which begins no comment'),
  'hyphen-name': error((a) => `\`${a.name}\` is no name`),
  'unterminated-string': error(() => 'this text has no closing `"` on its line'),
  'unknown-escape': error(
    (a) => `\`${a.found}\` is no escape; expected \\n, \\t, \\", \\\\ or \\u{…}`,
  ),
  'unknown-unit': error((a) => `\`${a.found}\` is no unit`),
  'number-too-large': error((a) => `\`${a.found}\` is too large a number`),
  'keyword-name': error((a) => `\`${a.name}\` is a keyword and cannot be a name`),
  'unknown-declaration': error((a) => `\`${a.found}\` begins no declaration`),
  'declarations-on-one-line': error(
    (a) => `\`${a.found}\` begins a second declaration on this line; each has its own`,
  ),
  'too-deep': error((a) => `this is nested more than ${a.limit} levels deep`),
  syntax: error((a) => `found ${a.found}, expected ${a.expected}`),
  // names
  'unknown-name': error((a) => `\`${a.name}\` is not declared`),
  'unknown-module': error((a) => `there is no module \`${a.module}\``),
  'unknown-import': error((a) => `\`${a.module}\` has no \`${a.name}\``),
  'import-whole-module': error(
    (a) => `\`${a.module}\` is a module; expected the names to take from it`,
  ),
  'unknown-parameter': error((a) => `\`${a.callee}\` has no parameter \`${a.name}\``),
  'unknown-field': error((a) => `${a.type} has no field \`${a.name}\``),
  'unknown-type': error((a) => `\`${a.name}\` is no type`),
  'unknown-annotation': error((a) => `\`@${a.name}\` means nothing before ${a.what}`),
  'unknown-setting': error((a) => `\`--set ${a.name}=…\`: there is no param \`${a.name}\``),
  'duplicate-declaration': error((a) => `\`${a.name}\` is declared twice`),
  'duplicate-key': error((a) => `\`${a.name}\` stands here twice`),
  'duplicate-argument': error((a) => `\`${a.name}\` of \`${a.callee}\` is given twice`),
  'duplicate-annotation': error((a) => `\`@${a.name}\` stands here twice`),
  'built-in-name': error((a) => `\`${a.name}\` is built in and cannot be declared`),
  cycle: error((a) => `this needs itself: ${a.path}`),
  shadowing: error((a) => `\`${a.name}\` hides the ${a.what} of this name`),
  'not-in-def': error((a) => `the \`def\` \`${a.def}\` does not see \`${a.name}\` of the file`),
  'def-too-large': error((a) => `here calls of \`def\`s make more than ${a.most} calls`),
  'not-a-value': error((a) => `\`${a.name}\` is ${a.what}, expected a value`),
  'not-callable': error((a) => `\`${a.name}\` cannot be called`),
  'import-path': error((a) => `\`${a.path}\` is no path of a file to import`),
  'import-cycle': error((a) => `these files import each other: ${a.path}`),
  'package-not-found': error((a) => `the package \`${a.name}\` is not installed`),
  'outside-package': error((a) => `\`${a.path}\` lies outside the package`),
  'file-not-found': error((a) => `there is no readable ${a.what} \`${a.path}\``),
  // own stages
  'own-value': error((a) => `\`${a.name}\` is a value; a file declares stages of its own alone`),
  'own-without-work': error(
    (a) => `\`${a.name}\` says neither which module nor which command works`,
  ),
  'command-form': error((a) => `this command has ${a.found}`),
  'unknown-placeholder': error((a) => `\`{${a.name}}\` is no parameter of \`${a.callee}\``),
  // types
  'wrong-type': error((a) => `${a.what} takes ${a.expected}, found ${a.found}`),
  'wrong-unit': error((a) => `${a.what} takes ${a.expected}, found ${a.found}`),
  'out-of-range': error((a) => `${a.what} takes ${a.expected}, found ${a.found}`),
  'missing-argument': error((a) => `\`${a.callee}\` needs ${a.names}`),
  'too-many-arguments': error((a) => `\`${a.callee}\` takes ${a.count} ${a.what}, found one more`),
  'positional-after-named': error(() => 'an argument without a name stands after a named one'),
  'built-in-arguments': error((a) => `\`${a.name}\` takes ${a.expected}`),
  'annotation-argument': error(
    (a) => `\`@${a.name}\` takes one value, as in \`@${a.name}(${a.example})\``,
  ),
  'unit-mismatch': error((a) => `\`${a.operator}\` between ${a.left} and ${a.right}`),
  'division-by-zero': error((a) => `this divides by zero${a.where}`),
  'label-compared': error((a) => `\`${a.operator}\` compares values, \`${a.label}\` is a label`),
  'wrong-operand': error((a) => `\`${a.operator}\` needs ${a.expected}, found ${a.found}`),
  'mixed-types': error((a) => `the ${a.what} differ: ${a.first}, then ${a.other}`),
  'type-form': error((a) => `this is no form of \`${a.name}\`; expected ${a.expected}`),
  'param-type': error((a) => `a param holds plain data, found ${a.type}`),
  'param-type-missing': error((a) => `param \`${a.name}\` has neither a type nor a value`),
  'param-required': error((a) => `param \`${a.name}\` has no value: expected ${a.type}`),
  'bad-setting': error((a) => `\`--set ${a.name}=${a.text}\`: expected ${a.type}`),
  'parameter-type-missing': error((a) => `parameter \`${a.name}\` has no type`),
  'extern-result': error((a) =>
    a.of === 'stage'
      ? `a stage makes Images, Pairs, Encoder, Metrics or Files, found ${a.found}`
      : `a value is a description (Views, Method …), found ${a.found}`,
  ),
  'not-constant': error((a) => `${a.what} must be known from the file alone`),
  'empty-range': error(() => 'the low end of this range is above its high end'),
  // stages
  'keyword-mismatch': error((a) => `\`${a.keyword}\` makes ${a.expected}; this makes ${a.found}`),
  'not-a-stage-call': error((a) => `\`${a.keyword}\` needs one call of a stage`),
  'stage-here': error((a) => `\`${a.name}\` is work, which cannot stand in ${a.what}`),
  'late-value': error(
    (a) => `${a.what} is needed before the run, found ${a.found}, known only after it`,
  ),
  'where-empty': warning((a) => `this \`where\` keeps no point of \`${a.name}\``),
  'where-needs-stage': error(() => '`where` keeps points of a stage; this is a description'),
  'where-result': error(() => '`where` must be known before the run, found a result'),
  'where-axis': error((a) => `\`where\` names ${a.axes}, which the stage does not vary over`),
  // axes
  'axis-values': error(() => 'expected the values: a list, a record or a range of Int'),
  'axis-expected': error(() => 'expected the name of an axis'),
  'axis-too-long': error((a) => `this axis has ${a.count} values; ${a.most} is the most`),
  'empty-axis': error((a) => `axis \`${a.name}\` has no values`),
  'label-collision': error((a) => `two values of axis \`${a.axis}\` have the label \`${a.label}\``),
  'unknown-axis': error((a) => `there is no axis \`${a.name}\` here`),
  'axis-not-here': error((a) => `this does not vary over \`${a.name}\`, it varies ${a.varies}`),
  'unknown-label': error((a) => `axis \`${a.axis}\` has no label \`${a.label}\``),
  'unknown-choice': error((a) => `\`${a.label}\` is none of the choices`),
  'duplicate-label': error((a) => `\`${a.label}\` stands here twice`),
  'no-labels': error((a) => `${a.what} needs an axis or one of a few texts, found ${a.found}`),
  'match-incomplete': error((a) => `\`match\` does not cover ${a.names}`),
  'empty-slice': error(() => 'this slice names no label'),
  // reports
  'report-form': error(() => 'a report is `table(…)` or `pivot(…)`'),
  'report-here': error((a) => `\`${a.name}\` makes a report, which is no value`),
  'report-value': error((a) => `a report shows numbers, found ${a.found}`),
  'pivot-values': error((a) => `\`pivot\` shows one value, found ${a.count}`),
  'axis-remains': error((a) => `\`${a.name}\` still varies over ${a.axes}`),
  unused: warning((a) =>
    a.word === 'import'
      ? `\`${a.name}\` is imported and never used`
      : `\`${a.name}\` is never used`,
  ),
  'stray-doc': warning(
    () => 'this `///` documents nothing: a declaration, parameter or entry must follow',
  ),
} as const satisfies Readonly<Record<string, Code>>;

export type CodeName = keyof typeof codes;

/** The most characters of a text of the user's that a message shows. */
const mostShown = 400;

function clipped(args: Args): Args {
  const long = (value: string | number) => typeof value === 'string' && value.length > mostShown;
  if (!Object.values(args).some(long)) return args;
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      long(value) ? `${String(value).slice(0, mostShown)}…` : value,
    ]),
  );
}

/** Makes a diagnostic of the table. */
export function diagnose(
  code: CodeName,
  span: Span,
  args: Args = {},
  more: Advice & { readonly related?: readonly Related[] } = {},
): Diagnostic {
  const entry: Code = codes[code];
  return {
    code,
    severity: entry.severity,
    message: entry.message(clipped(args)),
    span,
    ...(more.help === undefined ? {} : { help: more.help }),
    ...(more.related === undefined ? {} : { related: more.related }),
    ...(more.fixes === undefined || more.fixes.length === 0 ? {} : { fixes: more.fixes }),
  };
}

export type { Code };
export { warning };
