import { type CodeName, codes } from '../../base/codes.js';

/** The example of a code: a file with the mistake and what is said of it. */
export interface Example {
  readonly source: string;
  readonly said: string;
}

/** `docs/diagnostics.md`: every mistake, with a file that has it and the message. */
export function diagnosticsDoc(example: (code: CodeName) => Example | undefined): string {
  const names = Object.keys(codes).sort() as CodeName[];
  return [
    '# Diagnostics',
    '',
    'Every mistake and warning of the compiler, with a file that has it and what is said of it.',
    'Generated from `src/base/codes.ts` and `test/fixtures/diagnostics/`.',
    '',
    ...names.flatMap((code) => {
      const found = example(code);
      const text =
        found === undefined
          ? []
          : [
              '```text',
              found.source.trimEnd(),
              '```',
              '',
              '```text',
              found.said.trimEnd(),
              '```',
              '',
            ];
      return [
        `## ${code}`,
        '',
        `${codes[code].severity === 'error' ? 'An error.' : 'A warning.'}`,
        '',
        ...text,
      ];
    }),
  ].join('\n');
}
