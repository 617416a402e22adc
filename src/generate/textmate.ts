import { preludeNames } from '../language/check/expressions/check-prelude.js';
import { typeNames } from '../language/check/expressions/check-type.js';
import { units } from '../language/lex/literals.js';
import { contextualWords, declarationKeywords, operatorKeywords } from '../language/lex/tokens.js';

type Captures = Readonly<Record<string, { readonly name: string }>>;

interface Rule {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly patterns?: readonly Rule[];
}

const name = '[A-Za-z_][A-Za-z0-9_]*';
/** A keyword in front of `:` is a key, behind `.` a field. */
const word = (words: readonly string[]) => `(?<![.\\w])(?:${words.join('|')})\\b(?!\\s*:(?!:))`;
const alternatives = (words: readonly string[]) => words.map(escaped).join('|');
const scope = (first: string, second: string): Captures => {
  return { 1: { name: first }, 2: { name: second } };
};

/** Which colour a declared name gets, by the word before it. */
const declared: readonly (readonly [words: readonly string[], scope: string])[] = [
  [['param', 'let'], 'variable.other.definition.ssp'],
  [['axis'], 'entity.name.type.axis.ssp'],
  [['dataset', 'transform', 'train', 'evaluate', 'report'], 'entity.name.function.stage.ssp'],
  [['def'], 'entity.name.function.ssp'],
];

const comments: readonly Rule[] = [
  { name: 'comment.line.documentation.ssp', match: '///(?!/).*$' },
  { name: 'comment.line.double-slash.ssp', match: '//.*$' },
];

/**
 * The grammar by which editors colour a text before the server knows it, made from the words and
 * units of the language.
 */
export function textmateFiles(): Readonly<Record<string, string>> {
  const grammar = {
    $schema: 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json',
    comment: 'Generated from src/language/lex/tokens.ts by `npm run gen`.',
    name: 'ssp',
    scopeName: 'source.ssp',
    fileTypes: ['ssp'],
    patterns: rules(),
  };
  return { 'grammar/ssp.tmLanguage.json': `${JSON.stringify(grammar, null, 2)}\n` };
}

function rules(): readonly Rule[] {
  const constants = ['true', 'false', 'none'];
  const logical = ['and', 'or', 'not', 'is'];
  const control = operatorKeywords.filter((w) => !constants.includes(w) && !logical.includes(w));
  return [
    ...comments,
    text(),
    {
      name: 'meta.annotation.ssp',
      match: `(@)(${name})`,
      captures: scope(
        'punctuation.definition.annotation.ssp',
        'entity.name.function.decorator.ssp',
      ),
    },
    importLine(),
    ...declared.map(([words, of]): Rule => {
      const match = `(?<![.\\w])(${words.join('|')})\\s+(${name})(?=\\s*[=:(])`;
      return { match, captures: scope('storage.type.ssp', of) };
    }),
    {
      match: `(?<![.\\w])(extern)\\s+(${contextualWords.slice(-2).join('|')})\\s+(${name})`,
      captures: {
        ...scope('storage.type.ssp', 'storage.modifier.ssp'),
        3: { name: 'entity.name.function.ssp' },
      },
    },
    { name: 'storage.type.ssp', match: word(declarationKeywords) },
    { name: 'keyword.control.ssp', match: word(control) },
    { name: 'keyword.operator.logical.ssp', match: word(logical) },
    { name: 'constant.language.ssp', match: word(constants) },
    number(),
    { name: 'support.type.ssp', match: `(?<![.\\w])(?:${alternatives(typeNames)})\\b(?!\\s*:)` },
    {
      name: 'support.function.ssp',
      match: `(?<![.\\w])(?:${alternatives(preludeNames)})(?=\\s*[(.])`,
    },
    {
      match: `(\\.)(${name})`,
      captures: scope('punctuation.accessor.ssp', 'variable.other.property.ssp'),
    },
    {
      match: `(${name})\\s*(:)`,
      captures: scope('variable.parameter.ssp', 'punctuation.separator.ssp'),
    },
    { name: 'entity.name.function.call.ssp', match: `${name}(?=\\()` },
    { name: 'variable.other.ssp', match: name },
    { name: 'keyword.operator.ssp', match: '->|\\.\\.|\\?\\?|[<>=!]=|[-+*/<>=|?]' },
    { name: 'punctuation.separator.ssp', match: '[,:]' },
    { name: 'punctuation.section.ssp', match: '[(){}\\[\\]]' },
  ];
}

function text(): Rule {
  return {
    name: 'string.quoted.double.ssp',
    begin: '"',
    end: '"|$',
    patterns: [
      { name: 'constant.character.escape.ssp', match: '\\\\(?:[nt"\\\\]|u\\{[0-9A-Fa-f]{1,6}\\})' },
      { name: 'invalid.illegal.escape.ssp', match: '\\\\.' },
    ],
  };
}

function importLine(): Rule {
  return {
    name: 'meta.import.ssp',
    begin: '^\\s*(import)\\b',
    beginCaptures: { 1: { name: 'storage.type.ssp' } },
    // an inner rule holds the line open for names in braces over several lines
    end: '$',
    patterns: [
      ...comments,
      text(),
      { name: 'keyword.other.as.ssp', match: '\\bas\\b' },
      {
        name: 'meta.import.names.ssp',
        begin: '\\{',
        end: '\\}',
        beginCaptures: { 0: { name: 'punctuation.section.ssp' } },
        endCaptures: { 0: { name: 'punctuation.section.ssp' } },
        patterns: [
          ...comments,
          { name: 'keyword.other.as.ssp', match: '\\bas\\b' },
          { name: 'entity.name.function.ssp', match: name },
        ],
      },
      { name: 'entity.name.namespace.ssp', match: `${name}(?=\\s*\\.)` },
      { name: 'entity.name.function.ssp', match: name },
      { name: 'punctuation.accessor.ssp', match: '\\.' },
    ],
  };
}

function number(): Rule {
  const digits = '\\d+(?:_\\d+)*';
  const value = `${digits}(?:\\.${digits})?(?:[eE][-+]?\\d+)?`;
  return {
    match: `(?<!\\w)(${value})(${alternatives(longestFirst(Object.keys(units)))})?(?!\\w)`,
    captures: scope('constant.numeric.ssp', 'keyword.other.unit.ssp'),
  };
}

function longestFirst(words: readonly string[]): readonly string[] {
  return words.toSorted((a, b) => b.length - a.length);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
