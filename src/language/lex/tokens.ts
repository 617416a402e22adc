import { createToken, type IToken, Lexer, type TokenType } from './chevrotain.js';

/** Words that begin a declaration. */
export const declarationKeywords = [
  'import',
  'param',
  'let',
  'axis',
  'dataset',
  'transform',
  'train',
  'evaluate',
  'report',
  'expect',
  'reference',
  'def',
  'extern',
] as const;

/** The other words that cannot be declared names. */
export const operatorKeywords = [
  'return',
  'and',
  'or',
  'not',
  'is',
  'if',
  'then',
  'else',
  'match',
  'where',
  'true',
  'false',
  'none',
] as const;

/** Ordinary names that mean something in one place. */
export const contextualWords = [
  'from',
  'command',
  'reads',
  'as',
  'with',
  'stage',
  'value',
] as const;

/** Any word: allowed as a record key, a parameter, an argument, a field, a label. */
export const Word = createToken({ name: 'Word', pattern: Lexer.NA, label: 'a word' });

export const Identifier = createToken({
  name: 'Identifier',
  pattern: /[A-Za-z_][A-Za-z0-9_]*/,
  categories: [Word],
  label: 'a name',
});

const capitalised = (word: string) => `${word[0]?.toUpperCase()}${word.slice(1)}`;

function words<const W extends string>(list: readonly W[], category: TokenType) {
  const made = list.map((word) => [
    word,
    createToken({
      name: capitalised(word),
      pattern: word,
      longer_alt: Identifier,
      categories: [category],
      label: `\`${word}\``,
    }),
  ]);
  // `fromEntries` forgets which keys there are
  return Object.fromEntries(made) as Readonly<Record<W, TokenType>>;
}

export const declarationKeyword = words(declarationKeywords, Word);
export const operatorKeyword = words(operatorKeywords, Word);
export const contextualWord = words(contextualWords, Identifier);

/** Digits, then perhaps a unit or `%` that touches them. */
export const NumberToken = createToken({
  name: 'Number',
  pattern: /\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?(?:%|[A-Za-z_][A-Za-z0-9_]*)?/,
  label: 'a number',
});
export const StringToken = createToken({
  name: 'String',
  pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*"/,
  label: 'a text',
});
/** A text whose line ends before it does. */
export const UnterminatedString = createToken({
  name: 'UnterminatedString',
  pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*\\?/,
});

/** A comment of other languages, as far as its line goes; there is none here. */
export const BlockComment = createToken({
  name: 'BlockComment',
  pattern: /\/\*(?:[^*\r\n]|\*(?!\/))*(?:\*\/)?/,
});

const punctuation = (name: string, pattern: string) =>
  createToken({ name, pattern, label: `\`${pattern}\`` });

export const Arrow = punctuation('Arrow', '->');
export const LessEqual = punctuation('LessEqual', '<=');
export const GreaterEqual = punctuation('GreaterEqual', '>=');
export const EqualEqual = punctuation('EqualEqual', '==');
export const NotEqual = punctuation('NotEqual', '!=');
export const DotDot = punctuation('DotDot', '..');
export const Less = punctuation('Less', '<');
export const Greater = punctuation('Greater', '>');
export const Equal = punctuation('Equal', '=');
export const Plus = punctuation('Plus', '+');
export const Minus = punctuation('Minus', '-');
export const Star = punctuation('Star', '*');
export const Slash = punctuation('Slash', '/');
export const Bar = punctuation('Bar', '|');
export const QuestionQuestion = punctuation('QuestionQuestion', '??');
export const Question = punctuation('Question', '?');
export const At = punctuation('At', '@');
export const Dot = punctuation('Dot', '.');
export const Comma = punctuation('Comma', ',');
export const Colon = punctuation('Colon', ':');
export const LParen = punctuation('LParen', '(');
export const RParen = punctuation('RParen', ')');
export const LBracket = punctuation('LBracket', '[');
export const RBracket = punctuation('RBracket', ']');
export const LBrace = punctuation('LBrace', '{');
export const RBrace = punctuation('RBrace', '}');

/** `///` and the rest of the line; four slashes are a comment. */
export const DocComment = createToken({ name: 'DocComment', pattern: /\/\/\/(?!\/)[^\r\n]*/ });
export const Comment = createToken({ name: 'Comment', pattern: /\/\/[^\r\n]*/ });

const WhiteSpace = createToken({
  name: 'WhiteSpace',
  pattern: /[ \t\r\n\uFEFF]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});

/** In the order in which they are tried. */
export const allTokens: readonly TokenType[] = [
  WhiteSpace,
  DocComment,
  Comment,
  BlockComment,
  ...Object.values(declarationKeyword),
  ...Object.values(operatorKeyword),
  ...Object.values(contextualWord),
  Identifier,
  Word,
  NumberToken,
  StringToken,
  UnterminatedString,
  Arrow,
  LessEqual,
  GreaterEqual,
  EqualEqual,
  NotEqual,
  DotDot,
  Less,
  Greater,
  Equal,
  Plus,
  Minus,
  Star,
  Slash,
  Bar,
  QuestionQuestion,
  Question,
  At,
  Dot,
  Comma,
  Colon,
  LParen,
  RParen,
  LBracket,
  RBracket,
  LBrace,
  RBrace,
];

const declarationKeywordSet: ReadonlySet<TokenType> = new Set(Object.values(declarationKeyword));
const openers: ReadonlySet<TokenType> = new Set([LParen, LBracket, LBrace]);
const closers: ReadonlySet<TokenType> = new Set([RParen, RBracket, RBrace]);
const keywordSet: ReadonlySet<TokenType> = new Set([
  ...Object.values(declarationKeyword),
  ...Object.values(operatorKeyword),
]);
const wordSet: ReadonlySet<TokenType> = new Set([
  ...keywordSet,
  ...Object.values(contextualWord),
  Identifier,
]);

/** The bracket that closes each. */
export const bracketPairs: ReadonlyMap<TokenType, TokenType> = new Map([
  [LParen, RParen],
  [LBracket, RBracket],
  [LBrace, RBrace],
]);

/** Whether the token is `let`, `train` …, which may begin a declaration. */
export const isDeclarationKeyword = (token: IToken | undefined) =>
  token !== undefined && declarationKeywordSet.has(token.tokenType);
/** Whether the token is a reserved word. */
export const isKeyword = (token: IToken | undefined) =>
  token !== undefined && keywordSet.has(token.tokenType);
/** Whether the token is a word, reserved or not. */
export const isWord = (token: IToken | undefined) =>
  token !== undefined && wordSet.has(token.tokenType);
/** Whether the token is a word that may be a declared name. */
export const isName = (token: IToken | undefined) => isWord(token) && !isKeyword(token);
/** Whether the token is `(`, `[` or `{`. */
export const isOpener = (token: IToken | undefined) =>
  token !== undefined && openers.has(token.tokenType);
/** Whether the token is `)`, `]` or `}`. */
export const isCloser = (token: IToken | undefined) =>
  token !== undefined && closers.has(token.tokenType);
