import { type Args, type Code, clipped, error, given, type More, warning } from './code.js';
import type { Diagnostic } from './diagnostic.js';
import type { Span } from './source.js';

/**
 * The one table of what a user can get wrong. A code is stable once released; each has a fixture
 * `test/fixtures/diagnostics/<code>.ssp` and the same without the mistake in `<code>.fixed.ssp`.
 * Adding one: an entry here and those two files.
 */
export const codes = {
  // text and syntax
  'unexpected-character': error(
    (a) => `found \`${a.found}\`, which begins no token`,
    'Every character outside of comments and texts belongs to a token. Those that other languages use for comments, quotes or conditions have other forms here.',
  ),
  'block-comment': error(
    () => 'found `/*`, which begins no comment',
    'There is one form of comment: `//` and the rest of the line. What stands around the other form is read as if it were not there.',
  ),
  'not-utf8': error(
    (a) => `the file is not UTF-8: here is the byte 0x${a.byte}`,
    'Files are text in UTF-8. In another encoding the same bytes are other characters, so nothing of the file is taken for granted, and `fmt` leaves it as it is.',
  ),
  'merge-conflict': error(
    (a) => `here is a merge conflict, ${a.lines}`,
    'Version control left both sides of a merge in the file. Everything else is read as if the first side alone were there.',
  ),
  'hyphen-name': error(
    (a) => `\`${a.name}\` is no name`,
    'A `-` between two names is a subtraction, so it cannot be part of one. Names have letters, digits and `_`, and begin with no digit.',
  ),
  'unterminated-string': error(
    () => 'this text has no closing `"` on its line',
    'A text ends on the line where it begins, so that a forgotten quote does not swallow the rest of the file.',
  ),
  'unknown-escape': error(
    (a) => `\`${a.found}\` is no escape; expected \\n, \\t, \\", \\\\ or \\u{…}`,
    'A backslash begins an escape; only the five that are listed exist. A backslash itself is written twice.',
  ),
  'unknown-unit': error(
    (a) => `\`${a.found}\` is no unit`,
    'Letters or `%` behind digits are a unit, and a unit has to be one of those that the types measure.',
  ),
  'number-too-large': error(
    (a) => `\`${a.found}\` is too large a number`,
    'The number cannot be kept exactly, or not at all: whole numbers go up to 2^53 - 1, others up to about 1.8e308.',
  ),
  'keyword-name': error(
    (a) => `\`${a.name}\` is a keyword and cannot be a name`,
    'Keywords may be keys, arguments, fields and labels, but no declared names: a line that begins with one would be read as a declaration.',
  ),
  'unknown-declaration': error(
    (a) => `\`${a.found}\` begins no declaration`,
    'Outside of brackets each line that is no continuation begins with a keyword. Values are declared with `let`.',
  ),
  'declarations-on-one-line': error(
    (a) => `\`${a.found}\` begins a second declaration on this line; each has its own`,
    'Each declaration begins its own line, so that a mistake in one stays there.',
  ),
  'too-deep': error(
    (a) => `this is nested more than ${a.limit} levels deep`,
    'Brackets, operators and declarations may lie only so deep in each other. Names for the inner parts make it readable, too.',
  ),
  syntax: error(
    (a) => `found ${a.found}, expected ${a.expected}`,
    'The declaration does not have the form that its keyword asks for. The first token that does not fit is shown; the other declarations are checked all the same.',
  ),
  // names
  'unknown-name': error(
    (a) => `\`${a.name}\` is not declared`,
    'Every name is declared in the file, imported, or built in. A name that is used several times is one mistake, told where it stands first.',
  ),
  'unknown-module': error(
    (a) => `there is no module \`${a.module}\``,
    'The path before the last dot names a module of the library.',
  ),
  'unknown-import': error(
    (a) => `\`${a.module}\` has no \`${a.name}\``,
    'The module exists, but declares no such name.',
  ),
  'import-whole-module': error(
    (a) => `\`${a.module}\` is a module; expected the names to take from it`,
    'An import names what it takes, so that a reader sees where each name comes from.',
  ),
  'unknown-parameter': error(
    (a) => `\`${a.callee}\` has no parameter \`${a.name}\``,
    'Arguments are given by the names that the declaration has. A bare name that is a parameter is short for itself, as in `seed` for `seed: seed`; behind a named argument every bare name is.',
  ),
  'unknown-field': error(
    (a) => `${a.type} has no field \`${a.name}\``,
    'Behind a dot stands a metric of an evaluation, a field of a record, or `time` of a stage.',
  ),
  'unknown-type': error(
    (a) => `\`${a.name}\` is no type`,
    'Types are those of the language; files declare none of their own.',
  ),
  'unknown-annotation': error(
    (a) => `\`@${a.name}\` means nothing before ${a.what}`,
    'Annotations say what a stage needs (`@gpu`, `@memory`, `@cpus`, `@timeout`, `@retries`), or the version of an `extern`. They mean nothing elsewhere.',
  ),
  'unknown-setting': error(
    (a) => `\`--set ${a.name}=…\`: there is no param \`${a.name}\``,
    '`--set` gives values to the params of the file and to those that it imports by name.',
  ),
  'duplicate-declaration': error(
    (a) => `\`${a.name}\` is declared twice`,
    'All names of a file are in one place, imports included, and each stands for one thing.',
  ),
  'duplicate-key': error(
    (a) => `\`${a.name}\` stands here twice`,
    'A record and a table have each key once, a declaration each parameter, and a source publishes each value once.',
  ),
  'duplicate-argument': error(
    (a) => `\`${a.name}\` of \`${a.callee}\` is given twice`,
    'Positional arguments fill parameters in order, so one that is named again is given twice.',
  ),
  'duplicate-annotation': error(
    (a) => `\`@${a.name}\` stands here twice`,
    'Each annotation says one thing about a stage.',
  ),
  'built-in-name': error(
    (a) => `\`${a.name}\` is built in and cannot be declared`,
    'The names of the reductions and reports, `file` and `env` are there in every file, so nothing else can have them.',
  ),
  cycle: error(
    (a) => `this needs itself: ${a.path}`,
    'The value of each of these depends on the next one, so none can be known.',
  ),
  shadowing: error(
    (a) => `\`${a.name}\` hides the ${a.what} of this name`,
    'A name in a `def` that hides one which the `def` sees would mean two things in one place.',
  ),
  'not-in-def': error(
    (a) => `the \`def\` \`${a.def}\` does not see \`${a.name}\` of the file`,
    'A `def` means the same wherever it is called: it sees params, imports and other defs. Axes, stages and values of the file reach it as arguments.',
  ),
  'value-too-large': error(
    (a) => `${a.what} has more than ${a.most} parts`,
    'A list or record that holds another twice is twice as large, and one that does so again four times. A value of a parameter, an axis or a param is written out whole, into plans and keys.',
  ),
  'def-too-large': error(
    (a) => `here calls of \`def\`s make more than ${a.most} calls`,
    'Each call of a `def` is expanded, and calls in calls multiply.',
  ),
  'not-a-value': error(
    (a) => `\`${a.name}\` is ${a.what}, expected a value`,
    'The name stands for something that has to be called, or that makes a report; here a value is needed.',
  ),
  'not-callable': error(
    (a) => `\`${a.name}\` cannot be called`,
    "Stages, values of the library and defs are called. What is declared with `let`, `axis` or a stage's keyword is used as it is.",
  ),
  'with-needs-description': error(
    (a) => `\`with\` changes arguments of a description, not of ${a.found}`,
    'Views, a method, a network, an optimiser and a schedule are descriptions: `views with {grayscale: 0%}` is the same with another argument. What varies over an axis is changed at each label, if all of its values come from one callee.',
  ),
  'import-path': error(
    (a) => `\`${a.path}\` is no path of a file to import`,
    'The path of a file begins with `./` or `../` and ends with `.ssp`; folders are parted by `/`. Without dots it names an installed package.',
  ),
  'import-cycle': error(
    (a) => `these files import each other: ${a.path}`,
    'A file cannot be read before those that it imports. What they share belongs into a third one.',
  ),
  'package-not-found': error(
    (a) => `the package \`${a.name}\` is not installed`,
    'The path names an npm package that is not installed beside the file.',
  ),
  'outside-package': error(
    (a) => `\`${a.path}\` lies outside the package`,
    'An installed package reads only its own files, so that it cannot take others of your disk.',
  ),
  'file-not-found': error(
    (a) => `there is no readable ${a.what} \`${a.path}\``,
    'A file that the experiment reads has to be there before it runs. Paths are relative to the file in which they stand.',
  ),
  'folder-not-found': warning(
    (a) => `there is no folder \`${a.path}\` on this machine`,
    'A folder of data may lie on another machine than the file. `plan` lets the stages that read it wait, `run` needs it where it is read, and results that are there are shown without it.',
  ),
  // own stages
  'own-value': error(
    (a) => `\`${a.name}\` cannot be declared here: ${a.why}`,
    'A description such as views or a method becomes part of the program that trains: a module of your own makes it. A command works as a stage. The encoders of a network of your own carry its module and its arguments, so these are data alone.',
  ),
  'own-without-work': error(
    (a) => `\`${a.name}\` says neither which module nor which command works`,
    'A stage of your own says what does the work: a module with `from`, or a program with `command`.',
  ),
  'command-form': error(
    (a) => `this command has ${a.found}`,
    'A command is split into words before the run, without a shell: its quotes and braces have to be closed, and the result goes to `{out}`.',
  ),
  'credential-kept': warning(
    (a) =>
      `\`env.${a.name}\` sounds like a secret, and its text is kept where everybody can read it`,
    'A parameter stands as it is in the key, in the records and tasks of the store, in logs and in the arguments of a command.',
  ),
  'file-not-in-reads': warning(
    (a) =>
      `the command names \`${a.path}\`, which is not in \`reads\`: an edit of it makes no new result`,
    'What a command reads is in the key only where `reads` or a parameter names it.',
  ),
  'unknown-placeholder': error(
    (a) => `\`{${a.name}}\` is no parameter of \`${a.callee}\``,
    'A word in braces stands for a parameter of the stage, or for `{out}`. Other braces are doubled.',
  ),
  // types
  'wrong-type': error(
    (a) => `${a.what} takes ${a.expected}, found ${a.found}`,
    'The value is of a kind that is not taken here. Only Int widens to Float, and a plain number from -1 to 1 to a Fraction.',
  ),
  'wrong-unit': error(
    (a) => `${a.what} takes ${a.expected}, found ${a.found}`,
    'A number with a unit measures something, and this place takes another measure. Nothing is converted silently.',
  ),
  'not-in-images': error(
    (a) => `the images have no ${a.what} \`${a.name}\``,
    'A stage that makes images may say which attributes and splits they have. What reads them by another name would fail when the data is there, after the work before it.',
  ),
  'out-of-range': error(
    (a) => `${a.what} takes ${a.expected}, found ${a.found}`,
    'The value breaks the bounds that the declaration gives; both ends are included.',
  ),
  'missing-argument': error(
    (a) => `\`${a.callee}\` needs ${a.names}`,
    'A parameter without a default has to be given.',
  ),
  'too-many-arguments': error(
    (a) => `\`${a.callee}\` takes ${a.count} ${a.what}, found one more`,
    'There are more positional arguments than parameters.',
  ),
  'positional-after-named': error(
    () => 'an argument without a name stands after a named one',
    'Behind a named argument the order says nothing any more, so each argument has a name or is short for one.',
  ),
  'positional-skips': error(
    (a) =>
      `this would be \`${a.param}\` of \`${a.callee}\`: \`${a.skipped}\` before it is given by its name`,
    'A bare name that is a parameter means that parameter, wherever it stands. An argument without a name that would fill one behind it needs a name, so that a reader need not count.',
  ),
  'built-in-arguments': error(
    (a) => `\`${a.name}\` takes ${a.expected}`,
    'The built-in functions have fixed forms; reductions say over which axes.',
  ),
  'annotation-argument': error(
    (a) => `\`@${a.name}\` takes one value, as in \`@${a.name}(${a.example})\``,
    'An annotation has exactly one value.',
  ),
  'unit-mismatch': error(
    (a) => `\`${a.operator}\` between ${a.left} and ${a.right}`,
    'Two different measures can neither be added nor compared.',
  ),
  'division-by-zero': error(
    (a) => `this divides by zero${a.where}`,
    'The divisor is zero at a point of the axes, or everywhere.',
  ),
  'label-compared': error(
    (a) => `\`${a.operator}\` compares values, \`${a.label}\` is a label`,
    "Labels are names of an axis's values and no values themselves; `is` asks for them.",
  ),
  'wrong-operand': error(
    (a) => `\`${a.operator}\` needs ${a.expected}, found ${a.found}`,
    'The operator works on another kind of value.',
  ),
  'mixed-types': error(
    (a) => `the ${a.what} differ: ${a.first}, then ${a.other}`,
    'The values of an axis, the items of a list and the branches of a choice stand for each other, so they are of one type.',
  ),
  'type-form': error(
    (a) => `this is no form of \`${a.name}\`; expected ${a.expected}`,
    'The type takes other arguments in brackets, or none.',
  ),
  'param-type': error(
    (a) => `a param holds plain data, found ${a.type}`,
    'A param can be given on the command line, so it holds plain data. Choose descriptions with a `match` over it.',
  ),
  'param-type-missing': error(
    (a) => `param \`${a.name}\` has neither a type nor a value`,
    'Without a value nothing says of which type the param is.',
  ),
  'param-required': error(
    (a) => `param \`${a.name}\` has no value: expected ${a.type}`,
    'A param without a default has to be set for each run.',
  ),
  'bad-setting': error(
    (a) => `\`--set ${a.name}=${a.text}\`: expected ${a.type}`,
    "The text behind `=` is read as a value of the param's type.",
  ),
  'parameter-type-missing': error(
    (a) => `parameter \`${a.name}\` has no type`,
    'Calls are checked against the types of the parameters.',
  ),
  'extern-result': error(
    (a) =>
      a.of === 'stage'
        ? `a stage makes Images, Pairs, Encoder, Metrics or Files, found ${a.found}`
        : `a value is a description (Views, Method …), found ${a.found}`,
    'A stage is work and makes an artifact or metrics, which are stored; a value is a pure description.',
  ),
  'not-constant': error(
    (a) => `${a.what} must be known from the file alone`,
    'The value is needed before any axis or environment is known.',
  ),
  'empty-range': error(
    () => 'the low end of this range is above its high end',
    'A range goes from its low to its high end; turned round it holds nothing.',
  ),
  // stages
  'keyword-mismatch': error(
    (a) => `\`${a.keyword}\` makes ${a.expected}; this makes ${a.found}`,
    'The keyword says what the declaration makes, and is checked: a reader trusts it.',
  ),
  'not-a-stage-call': error(
    (a) => `\`${a.keyword}\` needs one call of a stage`,
    'Every point of a stage is one call of one stage. A choice between stages is an axis.',
  ),
  'stage-here': error(
    (a) => `\`${a.name}\` is work, which cannot stand in ${a.what}`,
    'Work is declared, so that it has a name, is stored and can be explained.',
  ),
  'late-value': error(
    (a) => `${a.what} is needed before the run, found ${a.found}, known only after it`,
    "Parameters are part of a stage's key, so they are known when the plan is made. What is computed from results is known only after the run.",
  ),
  'points-dropped': warning(
    (a) => `no point ${a.points} is left of \`${a.of}\``,
    'What a `where` drops has no result: a slice of it, a claim about it and a column of it are empty. Slice out another point, or let `where` keep this one.',
  ),
  'chosen-on-test': warning(
    (a) => `\`${a.operator}\` chooses by \`${a.metric}\`, which is measured on the test split`,
    'What is chosen on the test split is too good there, as its luck was chosen with it. Choose on the validation split, and show the test split at that point.',
  ),
  'tested-against-zero': warning(
    (a) => `\`${a.operator}\` holds \`${a.value}\` against 0, which no share of right answers is`,
    'A test of one share asks whether it is 0, and finds that it is not, whatever was done. Ask of the difference of two: `p_value(a - b, over: seed)`.',
  ),
  'where-empty': warning(
    (a) => `this \`where\` keeps no point of \`${a.name}\``,
    'The condition holds at no point, so nothing of the stage is left, nor of what uses it.',
  ),
  'where-needs-stage': error(
    () => '`where` keeps points of a stage; this is a description',
    'A description has no points to keep.',
  ),
  'where-result': error(
    () => '`where` must be known before the run, found a result',
    'Which points there are is known when the plan is made, before any result.',
  ),
  'where-axis': error(
    (a) => `\`where\` names ${a.axes}, which the stage does not vary over`,
    'A stage has points along the axes that its arguments use, and no others.',
  ),
  'kept-along-at': error(
    () =>
      'this training keeps encoders, and begins with one of another training at each of its epochs',
    'Both would vary over the axis `at`, which then meant two things.',
  ),
  // axes
  'axis-values': error(
    () => 'expected the values: a list, a record or a range of Int',
    'An axis stands for several values: a list, a record whose keys are the labels, or a range of Int.',
  ),
  'search-values': error(
    (a) => `\`search\` draws from ${a.expected}, found ${a.found}`,
    'What is searched is a range of numbers, the `log` of one, a list of choices, or a record that names several of these.',
  ),
  'search-here': error(
    (a) => `\`${a.name}\` stands where an axis is searched, and nowhere else`,
    'The values that `search` draws are those of an axis, so that each has a label; `log` is a way to draw.',
  ),
  halving: error(
    (a) => `\`@halving\` ${a.what}`,
    'Halving trains rivals for a few epochs, compares them by a metric of an evaluation, and goes on with the best. So the training keeps encoders on its way, and the evaluation varies over `at` and the axis of the rivals.',
  ),
  'axis-expected': error(
    () => 'expected the name of an axis',
    'Here stands the name of an axis, as it is declared.',
  ),
  'axis-too-long': error(
    (a) => `this axis has ${a.count} values; ${a.most} is the most`,
    'So many values are a slip of the pen.',
  ),
  'empty-axis': error(
    (a) => `axis \`${a.name}\` has no values`,
    'Whatever varies over an axis without values would have no points at all.',
  ),
  'label-collision': error(
    (a) => `two values of axis \`${a.axis}\` have the label \`${a.label}\``,
    'Labels tell the values of an axis apart in results and slices.',
  ),
  'display-name-place': error(
    () => 'a display name says nothing here',
    'Readers see display names of axes, of their labels, of reports and of their columns. What else would carry one is shown nowhere.',
  ),
  'display-name-empty': error(
    () => 'this display name is empty',
    'Readers would see nothing there.',
  ),
  'display-name-twice': error(
    (a) => `${a.what} \`${a.first}\` and \`${a.second}\` are both shown as "${a.text}"`,
    'Readers could not tell them apart.',
  ),
  'unknown-axis': error(
    (a) => `there is no axis \`${a.name}\` here`,
    'A slice, a reduction or a place of a table names an axis over which the value varies.',
  ),
  'axis-not-here': error(
    (a) => `this does not vary over \`${a.name}\`, it varies ${a.varies}`,
    'The axis exists, but nothing that this value uses varies over it; a slice with one label has removed it, or a reduction.',
  ),
  'unknown-label': error(
    (a) => `axis \`${a.axis}\` has no label \`${a.label}\``,
    'The labels of an axis are its keys or the texts of its values; numbers compare by value.',
  ),
  'unknown-choice': error(
    (a) => `\`${a.label}\` is none of the choices`,
    'The value is one of a few texts, and this is none of them.',
  ),
  'duplicate-label': error(
    (a) => `\`${a.label}\` stands here twice`,
    'A second time changes nothing.',
  ),
  'no-labels': error(
    (a) => `${a.what} needs an axis or one of a few texts, found ${a.found}`,
    '`is` and `match` look at labels: of an axis, or of a param whose type lists its choices.',
  ),
  'match-incomplete': error(
    (a) => `\`match\` does not cover ${a.names}`,
    'A `match` has a value for each label, or `else` for the rest.',
  ),
  'empty-slice': error(() => 'this slice names no label', 'A slice says what it keeps.'),
  // reports
  'report-form': error(
    () => 'a report is `table(…)` or `pivot(…)`',
    'A report is a table or a pivot of results.',
  ),
  'report-here': error(
    (a) => `\`${a.name}\` makes a report, which is no value`,
    'A report is declared with `report`, and nothing can be computed from it.',
  ),
  'report-value': error(
    (a) => `a report shows numbers and intervals, found ${a.found}`,
    "Tables hold numbers: a metric, a stage's `time`, or what is computed from them; `{low, high}`, as `ci95` gives it, is an interval. Published values are numbers.",
  ),
  'pivot-values': error(
    (a) => `\`pivot\` shows one value, found ${a.count}`,
    'The cells of a pivot have one value; a table has columns for several.',
  ),
  'axis-remains': error(
    (a) => `\`${a.name}\` still varies over ${a.axes}`,
    'A cell shows one number: each axis of the value is in the rows, in the columns, averaged with `over:`, or fixed by a slice.',
  ),
  unused: warning(
    (a) =>
      a.word === 'import'
        ? `\`${a.name}\` is imported and never used`
        : `\`${a.name}\` is never used`,
    'Nothing needs it, so it changes no result: it is left over, or its use is missing.',
  ),
  'stray-doc': warning(
    () => 'this `///` documents nothing: a declaration, parameter or entry must follow',
    '`///` documents what follows it: a declaration, a parameter or an entry of a record. Elsewhere nobody would ever see it.',
  ),
} as const satisfies Readonly<Record<string, Code>>;

export type CodeName = keyof typeof codes;

/** Makes a diagnostic of the table. */
export function diagnose(code: CodeName, span: Span, args: Args = {}, more: More = {}): Diagnostic {
  const { severity, message }: Code = codes[code];
  return { code, severity, message: message(clipped(args)), span, ...given(more) };
}
