import { expect, it } from 'vitest';
import { Lexer } from '../../../src/language/parse/chevrotain.js';
import { Grammar } from '../../../src/language/parse/grammar.js';
import { allTokens } from '../../../src/language/parse/tokens.js';

it('has no ambiguity at two tokens of lookahead', () => {
  expect(() => new Grammar(true)).not.toThrow();
});

it('has sound tokens', () => {
  const lexer = new Lexer([...allTokens], { ensureOptimizations: true });
  expect(lexer.lexerDefinitionErrors).toEqual([]);
});
