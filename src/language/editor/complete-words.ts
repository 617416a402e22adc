import { typeNames } from '../check/expressions/check-type.js';
import { units } from '../lex/literals.js';
import { declarationKeywords } from '../lex/tokens.js';
import type { Type } from '../types.js';
import { annotationDocs } from './annotations.js';
import type { Completion } from './completion.js';
import { keywordDocs } from './word-docs.js';

/** Words that begin a declaration; `body`: inside a `def`. */
export function keywordCompletions(body: boolean): readonly Completion[] {
  const inBody = ['let', 'dataset', 'transform', 'train', 'evaluate'];
  const words: Completion[] = declarationKeywords.flatMap((word) =>
    body && !inBody.includes(word)
      ? []
      : [{ label: word, kind: 'keyword', detail: keywordDocs[word], insert: `${word} `, rank: 0 }],
  );
  const result: Completion = { label: 'return', kind: 'keyword', insert: 'return ', rank: 1 };
  return body ? [...words, result] : words;
}

/** Words that may follow a value. */
export function operatorCompletions(words: readonly string[]): readonly Completion[] {
  return words.map((word) => ({ label: word, kind: 'keyword', insert: `${word} `, rank: 0 }));
}

/** Units, those of the expected type first; the number stays. */
export function unitCompletions(number: string, expected: Type | undefined): readonly Completion[] {
  const [digits = ''] = /^[\d_]+(?:\.[\d_]+)?(?:[eE][+-]?\d+)?/.exec(number) ?? [];
  const wanted = unitOf(expected);
  return Object.entries(units).flatMap(([unit, { of }], i): readonly Completion[] => {
    if (wanted !== undefined && of !== wanted) return [];
    return [{ label: `${digits}${unit}`, kind: 'unit', detail: of, rank: i }];
  });
}

/** `Fraction`, or nothing where every unit or none would do. */
function unitOf(type: Type | undefined): string | undefined {
  if (!type) return undefined;
  if (type.kind === 'optional' || type.kind === 'list' || type.kind === 'range') {
    return unitOf(type.of);
  }
  return type.kind === 'number' ? type.unit : undefined;
}

export function annotationCompletions(extern: boolean): readonly Completion[] {
  return Object.entries(annotationDocs).flatMap(([name, { example, doc }], i) => {
    if ((name === 'version') !== extern) return [];
    return [
      {
        label: name,
        kind: 'annotation' as const,
        detail: example,
        doc,
        insert: `${name}(`,
        rank: i,
      },
    ];
  });
}

export function typeCompletions(): readonly Completion[] {
  return typeNames.map((name, rank) => ({ label: name, kind: 'type', rank }));
}
