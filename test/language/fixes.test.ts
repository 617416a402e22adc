import { expect, it } from 'vitest';
import { type CodeName, codes } from '../../src/base/codes.js';
import type { Diagnostic, Edit } from '../../src/base/diagnostic.js';
import { codeOf, diagnosticsOf, fixtures, textOf } from './fixture.js';

/** Mistakes that only a person can mend: what was meant stands nowhere. */
const withoutFix: readonly CodeName[] = [
  'axis-too-long',
  'bad-setting',
  'command-form',
  'cycle',
  'def-too-large',
  'display-name-twice',
  'division-by-zero',
  'empty-axis',
  'file-not-found',
  'folder-not-found',
  'halving',
  'import-cycle',
  'late-value',
  'missing-argument',
  'mixed-types',
  'no-labels',
  'not-a-stage-call',
  'not-constant',
  'not-in-def',
  'not-utf8',
  'outside-package',
  'own-value',
  'own-without-work',
  'param-required',
  'param-type',
  'param-type-missing',
  'points-dropped',
  'report-here',
  'report-value',
  'search-here',
  'search-values',
  'stage-here',
  'tested-against-zero',
  'too-deep',
  'type-form',
  'unknown-setting',
  'value-too-large',
  'where-empty',
  'where-result',
  'with-needs-description',
];

const syntax: readonly string[] = ['syntax', 'unexpected-character', 'unknown-declaration'];

function applied(text: string, edits: readonly Edit[]): string {
  const back = edits.toSorted((a, b) => b.span.start - a.span.start);
  return back.reduce(
    (now, { span, text: by }) => now.slice(0, span.start) + by + now.slice(span.end),
    text,
  );
}

const errors = (all: readonly Diagnostic[]) => all.filter((d) => d.severity === 'error').length;
const told = (all: readonly Diagnostic[], { code, message }: Diagnostic) =>
  all.filter((other) => other.code === code && other.message === message);

for (const name of fixtures) {
  const found = diagnosticsOf(name);
  if (found.every((d) => !d.fixes)) continue;
  it(`mends ${name}`, () => {
    const text = textOf(name);
    for (const diagnostic of found) {
      for (const fix of diagnostic.fixes ?? []) {
        // the file around a module of the library is not the fixture
        if (fix.edits.some(({ span }) => span.file.text !== text)) continue;
        const after = applied(text, fix.edits);
        const left = diagnosticsOf(name, after);
        const shown = [fix.title, after];
        const still = told(left, diagnostic);
        const same = still.some(({ span }) => span.start === diagnostic.span.start);
        const fewer = still.length < told(found, diagnostic).length;
        expect([...shown, fewer || !same]).toEqual([...shown, true]);
        // what cannot be read hides what is wrong with it
        if (syntax.includes(diagnostic.code)) continue;
        expect([...shown, errors(left) > errors(found)]).toEqual([...shown, false]);
      }
    }
  });
}

it('has a fix for each mistake that has one', () => {
  const fixed = new Set(
    fixtures.flatMap((name) =>
      diagnosticsOf(name).flatMap((d) => (d.fixes && d.code === codeOf(name) ? [d.code] : [])),
    ),
  );
  const without = Object.keys(codes).filter((code) => !fixed.has(code));
  expect(without.sort()).toEqual(withoutFix);
});
