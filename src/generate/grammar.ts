import { generateCstDts, type ISerializedGast } from '../language/lex/chevrotain.js';
import { declarationKeywords, operatorKeywords } from '../language/lex/tokens.js';
import { grammar } from '../language/parse/grammar.js';
import { railroadHtml } from './railroad.js';

/** What is generated from the grammar: path in the repository → text. */
export function grammarFiles(): Readonly<Record<string, string>> {
  const all = grammar.getSerializedGastProductions();
  const first = all.findIndex((rule) => 'name' in rule && rule.name === 'declaration');
  const rules = [...all.slice(first), ...all.slice(0, first)];
  return {
    'grammar/ssp.ebnf': ebnf(rules),
    'grammar/diagrams.html': railroadHtml(rules),
    'src/language/parse/cst.gen.ts': cstTypes(),
  };
}

function cstTypes(): string {
  const types = generateCstDts(grammar.getGAstProductions(), { includeVisitorInterface: false });
  const head = 'import type { CstNode, ICstVisitor, IToken } from "chevrotain";';
  return `// Generated from src/language/parse/grammar.ts by \`npm run gen\`.
import type { CstNode, IToken } from '../lex/chevrotain.js';
${types.replace(head, '')}`;
}

const lexical = `
/* A keyword is a whole word: \`lettuce\` is an Identifier. */
Identifier ::= [A-Za-z_] [A-Za-z0-9_]* - Keyword
Word       ::= Identifier | Keyword
Keyword    ::= ${wrap([...declarationKeywords, ...operatorKeywords].map((word) => `"${word}"`))}
Number     ::= Digits ("." Digits)? ([eE] [+-]? [0-9]+)? ("%" | [A-Za-z_] [A-Za-z0-9_]*)?
Digits     ::= [0-9]+ ("_" [0-9]+)*
String     ::= '"' ([^"\\#xA#xD] | "\\" ([nt"\\] | "u{" [0-9A-Fa-f]+ "}"))* '"'
Comment    ::= "//" [^#xA#xD]*
Doc        ::= "///" [^#xA#xD]*
`;

function wrap(words: readonly string[]): string {
  const lines: string[] = [];
  for (let i = 0; i < words.length; i += 8) lines.push(words.slice(i, i + 8).join(' | '));
  return lines.join('\n             | ');
}

function ebnf(rules: readonly ISerializedGast[]): string {
  const head = `/* The grammar of ssp, generated from src/language/parse/grammar.ts by \`npm run gen\`.

   Notation: https://www.w3.org/TR/xml/#sec-notation
   A file is a sequence of declarations. A line that stands outside of brackets and begins with a
   declaration keyword or \`@\` begins one; other line breaks, and comments, are white space. */

file ::= declaration*
`;
  const body = rules.map((rule) => fold(`${nameOf(rule)} ::= ${alternatives(rule)}`));
  return `${head}\n${body.join('\n')}\n${lexical}`;
}

/** Breaks a long rule between its symbols. */
function fold(rule: string): string {
  if (rule.includes('\n')) return rule;
  const indent = rule.indexOf('::=') + 4;
  const lines = [''];
  for (const word of rule.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > 100) lines.push(' '.repeat(indent) + word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join('\n');
}

/** The parts of the serialised grammar that are read here. */
interface Part {
  readonly type: string;
  readonly name?: string;
  readonly nonTerminalName?: string;
  readonly pattern?: string;
  readonly definition?: readonly Part[];
}

const nameOf = (part: Part): string => part.nonTerminalName ?? part.name ?? '';

/** Tokens that are named, not spelt. */
const classes = new Set(['Identifier', 'Word', 'Number', 'String']);

/** A token as the grammar spells it. */
function spelling(part: Part): string {
  return classes.has(nameOf(part)) ? nameOf(part) : `"${part.pattern ?? nameOf(part)}"`;
}

function sequence(parts: readonly Part[]): string {
  return parts.map((part) => element(part)).join(' ');
}

function element(part: Part): string {
  const inside = part.definition ?? [];
  switch (part.type) {
    case 'Terminal':
      return spelling(part);
    case 'NonTerminal':
      return nameOf(part);
    case 'Option':
      return `${grouped(inside)}?`;
    case 'Repetition':
      return `${grouped(inside)}*`;
    case 'Alternation':
      return `(${inside.map((option) => sequence(option.definition ?? [])).join(' | ')})`;
    default:
      return sequence(inside);
  }
}

function grouped(parts: readonly Part[]): string {
  const [only] = parts;
  const single = parts.length === 1 && only !== undefined;
  if (single && only.type === 'Alternation') return element(only);
  const simple = single && ['Terminal', 'NonTerminal'].includes(only.type);
  return simple ? element(only) : `(${sequence(parts)})`;
}

/** A rule that only chooses has one alternative a line. */
function alternatives(rule: Part): string {
  const parts = rule.definition ?? [];
  const [only] = parts;
  if (parts.length !== 1 || only?.type !== 'Alternation') return sequence(parts);
  const options = (only.definition ?? []).map((option) => sequence(option.definition ?? []));
  return options.join(`\n${' '.repeat(nameOf(rule).length + 1)}  | `);
}
