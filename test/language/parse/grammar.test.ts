import { expect, it } from 'vitest';
import { Lexer } from '../../../src/language/lex/chevrotain.js';
import { allTokens } from '../../../src/language/lex/tokens.js';
import { Grammar } from '../../../src/language/parse/grammar.js';

it('has no ambiguity at two tokens of lookahead', () => {
  expect(() => new Grammar(true)).not.toThrow();
});

it('has sound tokens', () => {
  const lexer = new Lexer([...allTokens], { ensureOptimizations: true });
  expect(lexer.lexerDefinitionErrors).toEqual([]);
});
