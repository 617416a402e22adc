import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Lexed, lex } from '../../../src/language/lex/lex.js';
import { relex } from '../../../src/language/lex/relex.js';
import { parse, rememberingParser } from '../../../src/language/parse/parser.js';
import { ablation, comparison, rest } from '../../support/examples.js';

const quickstart = readFileSync(
  new URL('../../../pipelines/quickstart.ssp', import.meta.url),
  'utf8',
);
const pieces = [
  '/',
  '/// doc\n',
  '\n',
  '"',
  '(',
  ')',
  '[',
  '@gpu(1) ',
  'let a = 1\n',
  ' ',
  'x',
  '€',
  '{',
];

it('reads what was edited as if it had never been read before', () => {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.integer({ min: 0, max: 30 }),
    put: fc.constantFrom('', ...pieces),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(comparison, ablation, rest, quickstart),
      fc.array(edit, { minLength: 1, maxLength: 8 }),
      (start, edits) => {
        const remembering = rememberingParser();
        let text: string = start;
        remembering({ path: 'a.ssp', text });
        for (const { at, drop, put } of edits) {
          const from = Math.floor(at * text.length);
          text = text.slice(0, from) + put + text.slice(from + drop);
          const file = { path: 'a.ssp', text };
          expect(remembering(file)).toEqual(parse(file));
        }
      },
    ),
    { numRuns: 60 },
  );
});

it('cuts an edited text into the same tokens as a new one', () => {
  const shown = ({ tokens, comments, strays }: Lexed) => {
    const list = [...tokens, ...comments].map((t) => [t.startOffset, t.endOffset, t.image]);
    return { list, strays };
  };
  fc.assert(
    fc.property(
      fc.constantFrom(comparison, rest),
      fc.array(
        fc.record({ at: fc.nat(3000), drop: fc.nat(60), put: fc.constantFrom('', ...pieces) }),
        {
          maxLength: 6,
        },
      ),
      (start, edits) => {
        let text: string = start;
        let lexed = lex(text);
        for (const { at, drop, put } of edits) {
          const next = text.slice(0, at) + put + text.slice(at + drop);
          lexed = relex({ text, lexed }, next);
          text = next;
          expect(shown(lexed)).toEqual(shown(lex(text)));
        }
      },
    ),
  );
});

it('moves what did not change', () => {
  const remembering = rememberingParser();
  const before = 'let a = 1\n\n/// about b\nlet b = f(a)\nlet c = b\n';
  remembering({ path: 'a.ssp', text: before });
  const text = before.replace('let a = 1', 'let longer = 12345');
  const { module } = remembering({ path: 'a.ssp', text });
  const [, b] = module.declarations;
  expect(b?.doc).toBe('about b');
  expect(b && text.slice(b.span.start, b.span.end)).toBe('let b = f(a)');
});

it('reads again what follows brackets and commas that a comment stands by', () => {
  const texts = ['x /// doc\nlet a = 1\nlet b = 2\n', '( /// doc\nlet a = 1\nlet b = 2\n'];
  const commas = ['let z = f(1 /// doc\n)\nlet a = 1\n', 'let z = f(1 /// doc\n,\nlet a = 1\n'];
  for (const [before = '', after = ''] of [
    texts,
    [...texts].reverse(),
    commas,
    [...commas].reverse(),
  ]) {
    const remembering = rememberingParser();
    for (const text of [before, after, before]) {
      const file = { path: 'a.ssp', text };
      expect(remembering(file)).toEqual(parse(file));
    }
  }
});
