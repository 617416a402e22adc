import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compile } from '../../src/language/compile.js';

const text = readFileSync(new URL('../../pipelines/quickstart.ssp', import.meta.url), 'utf8');
const tokens = text.match(/\w+|\s+|[^\w\s]/g) ?? [];
const check = (source: string) => compile({ readText: () => source }, 'test.ssp', {});

it('compiles the quickstart', () => {
  expect(check(text).diagnostics).toEqual([]);
});

it('never throws, whatever is dropped, doubled or swapped', () => {
  const edit = fc.record({
    at: fc.nat(tokens.length - 1),
    with: fc.nat(tokens.length - 1),
    kind: fc.constantFrom('drop', 'double', 'swap'),
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      const changed = [...tokens];
      for (const { at, with: other, kind } of edits) {
        const [a, b] = [changed[at] ?? '', changed[other] ?? ''];
        if (kind === 'drop') changed[at] = '';
        else if (kind === 'double') changed[at] = a + a;
        else [changed[at], changed[other]] = [b, a];
      }
      const { program, diagnostics } = check(changed.join(''));
      const wrong = diagnostics.some((d) => d.severity === 'error');
      expect(program === undefined).toBe(wrong);
    }),
    { numRuns: 60, seed: 1 },
  );
});

it('has the same program for another order of declarations', () => {
  const declared = (source: string) => {
    const { program } = check(source);
    return program?.stages.map((s) => [s.name, s.dims]).toSorted();
  };
  const parts = text.split(/\n\n/);
  const last = [...parts.slice(0, 2), ...parts.slice(2).toReversed()].join('\n\n');
  expect(declared(last)).toEqual(declared(text));
});
