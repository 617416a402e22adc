import type { Diagnostic, Related, Severity } from './diagnostic.js';
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
  'unterminated-string': error(() => 'this text has no closing `"` on its line'),
  'unknown-escape': error(
    (a) => `\`${a.found}\` is no escape; expected \\n, \\t, \\", \\\\ or \\u{…}`,
  ),
  'unknown-unit': error((a) => `\`${a.found}\` is no unit`),
  'number-too-large': error((a) => `\`${a.found}\` is too large a number`),
  'reserved-name': error((a) => `\`${a.name}\` is a keyword and cannot be a name`),
  'unknown-declaration': error((a) => `\`${a.found}\` begins no declaration`),
  'declarations-on-one-line': error(
    (a) => `\`${a.found}\` begins a second declaration on this line; each has its own`,
  ),
  'too-deep': error((a) => `this is nested more than ${a.limit} levels deep`),
  syntax: error((a) => `found ${a.found}, expected ${a.expected}`),
  // names
  'unknown-name': error((a) => `\`${a.name}\` is not declared`),
  'stray-doc': warning(
    () => 'this `///` documents nothing: a declaration, parameter or entry must follow',
  ),
} as const satisfies Readonly<Record<string, Code>>;

export type CodeName = keyof typeof codes;

/** Makes a diagnostic of the table. */
export function diagnose(
  code: CodeName,
  span: Span,
  args: Args = {},
  more: { readonly help?: string | undefined; readonly related?: readonly Related[] } = {},
): Diagnostic {
  const entry: Code = codes[code];
  return {
    code,
    severity: entry.severity,
    message: entry.message(args),
    span,
    ...(more.help === undefined ? {} : { help: more.help }),
    ...(more.related === undefined ? {} : { related: more.related }),
  };
}

export type { Code };
export { warning };
