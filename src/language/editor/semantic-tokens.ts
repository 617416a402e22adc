import type { DeclaredName, Target } from '../check/context.js';
import type { IToken } from '../lex/chevrotain.js';
import { endOf } from '../lex/lex.js';
import {
  At,
  Colon,
  contextualWord,
  DocComment,
  Dot,
  declarationKeyword,
  isKeyword,
  isWord,
  operatorKeyword,
} from '../lex/tokens.js';
import { isNumber, isText } from './cursor.js';
import { eachNode } from './node-path.js';
import { originOf, type Snapshot } from './snapshot.js';

/** What a word is, in the names of the Language Server Protocol. */
export const tokenTypes = [
  'namespace',
  'type',
  'function',
  'variable',
  'parameter',
  'property',
  'enumMember',
  'decorator',
  'keyword',
  'string',
  'number',
  'comment',
] as const;
export const tokenModifiers = [
  'declaration',
  'readonly',
  'defaultLibrary',
  'documentation',
] as const;

export interface SemanticToken {
  readonly start: number;
  readonly end: number;
  readonly type: (typeof tokenTypes)[number];
  readonly modifiers: readonly (typeof tokenModifiers)[number][];
}

type Kind = Pick<SemanticToken, 'type' | 'modifiers'>;

/** The colour of every word, number, text and comment, by what it means. */
export function semanticTokens(snapshot: Snapshot): readonly SemanticToken[] {
  const { lexed } = snapshot;
  const known = new Map<number, Kind>();
  for (const { span, targets } of snapshot.occurrences) {
    const [target] = targets;
    if (target) known.set(span.start, kindOfTarget(target, span.start));
  }
  const types = typeWords(snapshot);
  const found: SemanticToken[] = lexed.comments.map((comment) => ({
    start: comment.startOffset,
    end: endOf(comment),
    type: 'comment',
    modifiers: comment.tokenType === DocComment ? ['documentation'] : [],
  }));
  for (const [i, token] of lexed.tokens.entries()) {
    const start = token.startOffset;
    const kind = types.has(start)
      ? plain('type')
      : (wordOrLiteral(lexed.tokens, i, known.get(start)) ?? undefined);
    if (kind) found.push({ start, end: endOf(token), ...kind });
  }
  return found.sort((a, b) => a.start - b.start);
}

const plain = (type: SemanticToken['type']): Kind => ({ type, modifiers: [] });

function wordOrLiteral(
  tokens: readonly IToken[],
  at: number,
  known: Kind | undefined,
): Kind | undefined {
  const token = tokens[at];
  const [before, next] = [tokens[at - 1], tokens[at + 1]];
  if (isNumber(token)) return plain('number');
  if (isText(token)) return plain('string');
  if (!isWord(token)) return undefined;
  if (known) return known;
  if (before?.tokenType === At) return plain('decorator');
  if (before?.tokenType === Dot) return plain('property');
  if (next?.tokenType === Colon && token?.tokenType !== operatorKeyword.else)
    return plain('property');
  if (isKeyword(token)) return plain('keyword');
  if (before?.tokenType === declarationKeyword.import) return plain('namespace');
  const extern = before?.tokenType === declarationKeyword.extern;
  const clause = [
    contextualWord.as,
    contextualWord.from,
    contextualWord.command,
    contextualWord.reads,
  ];
  const contextual = clause.some((word) => word === token?.tokenType);
  return plain(extern || contextual ? 'keyword' : 'variable');
}

function kindOfTarget(target: Target, start: number): Kind {
  switch (target.kind) {
    case 'name':
      return kindOfName(target.symbol, target.symbol.name.span.start === start);
    case 'prelude':
      return { type: 'function', modifiers: ['defaultLibrary'] };
    case 'kept':
      return plain('variable');
    case 'parameter':
      return plain('parameter');
    case 'label':
    case 'choice':
      return plain('enumMember');
    case 'field':
      return plain('property');
  }
}

function kindOfName(symbol: DeclaredName, here: boolean): Kind {
  const origin = originOf(symbol);
  const library = origin.name.span.file.path.startsWith('std.');
  const called = origin.word === 'extern' || origin.word === 'def';
  return {
    type: called ? 'function' : 'variable',
    modifiers: [
      ...(here && symbol.word !== 'import' ? (['declaration'] as const) : []),
      ...(origin.word === 'param' ? [] : (['readonly'] as const)),
      ...(library ? (['defaultLibrary'] as const) : []),
    ],
  };
}

/** Where names of types stand. */
function typeWords({ module }: Snapshot): ReadonlySet<number> {
  const found = new Set<number>();
  eachNode(module.declarations, (node) => {
    if (node.kind === 'named' && 'args' in node) found.add(node.span.start);
  });
  return found;
}
