import { type CodeName, diagnose } from '../../base/codes.js';
import { invariant } from '../../base/errors.js';
import { changeTo } from '../../base/fix.js';
import type { SourceFile, Span } from '../../base/source.js';
import type { Name } from '../ast.js';
import type { CstNode, IToken } from '../lex/chevrotain.js';
import type { DocComments } from '../lex/doc-comments.js';
import { endOf, spanOf } from '../lex/lex.js';
import { type LiteralMistake, readNumber, readString } from '../lex/literals.js';

/** What building a tree needs beside the syntax. */
export interface BuildContext {
  readonly file: SourceFile;
  readonly docs: DocComments;
  /** Mistakes inside literals; the first one is told and the declaration counts as broken. */
  readonly mistakes: ReturnType<typeof diagnose>[];
}

/** The element that the grammar says is there. */
export function only<T>(elements: readonly T[] | undefined): T {
  const first = elements?.[0];
  invariant(first !== undefined, 'the grammar and the tree of a declaration differ');
  return first;
}

export function nameOf(context: BuildContext, token: IToken): Name {
  return { text: token.image, span: spanOf(context.file, token) };
}

/** Where a node of the syntax tree stands. */
export function nodeSpan(context: BuildContext, node: CstNode): Span {
  invariant(node.location !== undefined, 'the parser tracks places');
  const { startOffset, endOffset } = node.location;
  return { file: context.file, start: startOffset, end: (endOffset ?? startOffset) + 1 };
}

function note(context: BuildContext, token: IToken, mistake: LiteralMistake | undefined): void {
  if (mistake === undefined) return;
  const span: Span = {
    file: context.file,
    start: token.startOffset + mistake.start,
    end: token.startOffset + mistake.end,
  };
  const code: CodeName = mistake.code;
  const { found, help, text } = mistake;
  const fixes = text === undefined ? [] : [changeTo(span, text)];
  context.mistakes.push(diagnose(code, span, { found }, { help, fixes }));
}

export function numberOf(context: BuildContext, token: IToken) {
  const { mistake, ...number } = readNumber(token.image);
  note(context, token, mistake);
  return number;
}

export function stringOf(context: BuildContext, token: IToken): string {
  const { mistake, value } = readString(token.image);
  note(context, token, mistake);
  return value;
}

/** A text in the source with where it stands. */
export function pathOf(context: BuildContext, token: IToken): { path: string; span: Span } {
  const span: Span = { file: context.file, start: token.startOffset, end: endOf(token) };
  return { path: stringOf(context, token), span };
}
