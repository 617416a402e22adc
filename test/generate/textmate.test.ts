import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, expect, it } from 'vitest';
import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar } from 'vscode-textmate';
import { textmateFiles } from '../../src/generate/textmate.js';
import { lex } from '../../src/language/lex/lex.js';
import { isDeclarationKeyword } from '../../src/language/lex/tokens.js';
import { comparison, rest } from '../support/examples.js';

const root = new URL('../../', import.meta.url);
const path = 'grammar/ssp.tmLanguage.json';
let grammar: IGrammar;

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await oniguruma.loadWASM(readFileSync(wasm));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(textmateFiles()[path] ?? '', path),
  });
  const loaded = await registry.loadGrammar('source.ssp');
  if (!loaded) throw new Error('no grammar');
  grammar = loaded;
});

interface Piece {
  readonly text: string;
  readonly offset: number;
  /** The innermost scope, without `.ssp`. */
  readonly scope: string;
}

/** The coloured pieces of a text. */
function pieces(text: string): readonly Piece[] {
  let state = textmate.INITIAL;
  let offset = 0;
  return text.split('\n').flatMap((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    const start = offset;
    offset += line.length + 1;
    return tokens.flatMap(({ startIndex, endIndex, scopes }): readonly Piece[] => {
      const piece = line.slice(startIndex, endIndex);
      const scope = (scopes.at(-1) ?? '').replace(/\.ssp$/, '');
      return piece.trim() === '' ? [] : [{ text: piece, offset: start + startIndex, scope }];
    });
  });
}

/** `let:storage.type x:variable …` of one line. */
const shown = (text: string) => pieces(text).map((p) => `${p.text.trim()}:${p.scope}`);

it('is fresh', () => {
  expect(readFileSync(new URL(path, root), 'utf8')).toBe(textmateFiles()[path]);
});

it('colours a declaration', () => {
  expect(shown('axis seed = 1..20% // all')).toEqual([
    'axis:storage.type',
    'seed:entity.name.type.axis',
    '=:keyword.operator',
    '1:constant.numeric',
    '..:keyword.operator',
    '20:constant.numeric',
    '%:keyword.other.unit',
    '// all:comment.line.double-slash',
  ]);
});

it('takes a keyword before `:` as a key and behind `.` as a field', () => {
  expect(shown('f(train: x.let)')).toEqual([
    'f:entity.name.function.call',
    '(:punctuation.section',
    'train:variable.parameter',
    '::punctuation.separator',
    'x:variable.other',
    '.:punctuation.accessor',
    'let:variable.other.property',
    '):punctuation.section',
  ]);
});

it('colours imports over several lines and ends them', () => {
  const found = shown('import std.ssl.{\n  simclr,\n  byol as b,\n}\nlet a = 1');
  expect(found).toContain('ssl:entity.name.namespace');
  expect(found).toContain('byol:entity.name.function');
  expect(found).toContain('as:keyword.other.as');
  expect(found.slice(-4)).toEqual([
    'let:storage.type',
    'a:variable.other.definition',
    '=:keyword.operator',
    '1:constant.numeric',
  ]);
});

const quickstart = readFileSync(new URL('pipelines/quickstart.ssp', root), 'utf8');
for (const [name, text] of Object.entries({ quickstart, comparison, rest })) {
  it(`agrees with the compiler's tokens on ${name}`, () => {
    const coloured = pieces(text);
    const at = (offset: number) => {
      return coloured.find((p) => p.offset <= offset && offset < p.offset + p.text.length);
    };
    const { tokens, comments } = lex(text);
    for (const { startOffset } of comments) expect(at(startOffset)?.scope).toMatch(/^comment/);
    for (const [i, token] of tokens.entries()) {
      const scope = at(token.startOffset)?.scope ?? '';
      const type = token.tokenType.name;
      const where = `${token.image} at ${token.startOffset}`;
      if (type === 'Number') expect(scope, where).toMatch(/numeric/);
      else if (type === 'String') expect(scope, where).toMatch(/string/);
      else expect(scope, where).not.toMatch(/comment|string|numeric|invalid/);
      const lineStart = text[token.startOffset - 1] === '\n';
      const key = tokens[i + 1]?.image === ':';
      if (lineStart && isDeclarationKeyword(token) && !key) {
        expect(scope, where).toBe('storage.type');
      }
    }
  });
}
