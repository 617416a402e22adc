import { type CodeName, codes } from '../base/codes.js';

/** The example of a code: a file with the mistake, what is said of it, and the file without it. */
export interface Example {
  readonly source: string;
  readonly said: string;
  readonly fixed: string;
}

/** `docs/diagnostics.md`: every mistake, why it is one, what is said of it, and the fix. */
export function diagnosticsDoc(example: (code: CodeName) => Example): string {
  const names = Object.keys(codes).sort() as CodeName[]; // its own keys
  return [
    '# Diagnostics',
    '',
    'Every mistake and warning of the compiler: why it is one, a file that has it, what is said of it,',
    'and the same file without it. Editors offer the change where there is a clear one, and',
    '`ssp check --json` prints it as `fixes`.',
    '',
    'Generated from `src/base/codes.ts` and `test/fixtures/diagnostics/`.',
    '',
    ...names.flatMap((code) => section(code, example(code))),
  ].join('\n');
}

function section(code: CodeName, { source, said, fixed }: Example): readonly string[] {
  const { severity, why } = codes[code];
  return [
    `## ${code}`,
    '',
    `${severity === 'error' ? 'An error.' : 'A warning.'} ${why}`,
    '',
    ...block(source),
    ...block(said),
    'Without it:',
    '',
    ...block(fixed),
  ];
}

/** Lines longer than this make nobody wiser. */
const longest = 200;

function block(text: string): readonly string[] {
  const lines = text.trimEnd().split('\n');
  const cut = lines.map((line) => (line.length > longest ? `${line.slice(0, longest)}…` : line));
  return ['```text', ...cut, '```', ''];
}
