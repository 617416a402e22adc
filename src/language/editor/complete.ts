import type { IToken } from '../lex/chevrotain.js';
import {
  Arrow,
  At,
  Colon,
  Dot,
  declarationKeyword,
  Equal,
  isWord,
  LBrace,
  operatorKeyword,
} from '../lex/tokens.js';
import type { Type } from '../types.js';
import { openCall } from './callee.js';
import { fileCompletions, isPath } from './complete-files.js';
import { importCompletions, pathCompletions, type Surroundings } from './complete-imports.js';
import { labelsOfAxis, labelsOfSubject, without } from './complete-labels.js';
import {
  axisCompletions,
  choiceCompletions,
  fieldCompletions,
  innerCompletions,
  nameCompletions,
} from './complete-names.js';
import {
  annotationCompletions,
  keywordCompletions,
  operatorCompletions,
  typeCompletions,
  unitCompletions,
} from './complete-words.js';
import type { Completion, Completions } from './completion.js';
import {
  type Cursor,
  cursorAt,
  endsValue,
  type Frame,
  frameKind,
  isNumber,
  isText,
} from './cursor.js';
import { insideDef } from './inside-def.js';
import type { Snapshot } from './snapshot.js';
import { innerBefore, valueBefore } from './term-of.js';

const { is, not, match, where, and, or } = operatorKeyword;

/** What may be written at an offset; the text around it need not be whole. */
export function complete(snapshot: Snapshot, offset: number, around: Surroundings): Completions {
  const cursor = cursorAt(snapshot.file.text, snapshot.lexed, offset);
  const items = cursor.inComment ? [] : itemsAt(insideDef(snapshot, cursor), cursor, around);
  return { start: cursor.start, end: cursor.end, items };
}

function itemsAt(snapshot: Snapshot, cursor: Cursor, around: Surroundings): readonly Completion[] {
  const { tokens, head, touched, frames, lineStart } = cursor;
  const before = tokens.at(-1);
  const [frame] = frames;
  const importing = head?.tokenType === declarationKeyword.import;
  if (touched && isText(touched)) {
    if (importing && tokens.length <= 1) return pathCompletions(around);
    const expected = expectedAt(snapshot, cursor);
    if (isPath(cursor, expected)) return fileCompletions(touched, cursor, around.namesIn);
    return choiceCompletions(expected);
  }
  if (isNumber(touched)) return unitCompletions(touched?.image ?? '', expectedAt(snapshot, cursor));
  if (before?.tokenType === At) return annotationCompletions(beforeExtern(snapshot, cursor));
  if (lineStart && frames.length === 0 && !isOpenEnded(before)) {
    return [...keywordCompletions(false), ...continuations(cursor)];
  }
  if (
    head?.tokenType === declarationKeyword.def &&
    frames.length === 1 &&
    lineStart &&
    frame?.opener.tokenType === LBrace
  ) {
    return keywordCompletions(true);
  }
  if (importing) return importCompletions(snapshot, cursor, around);
  if (before?.tokenType === Dot) {
    const of = valueBefore(snapshot, tokens, tokens.length - 2);
    if (!of) return [];
    const inner = innerBefore(snapshot, tokens, tokens.length - 2);
    return [...fieldCompletions(of.type), ...innerCompletions(snapshot, inner)];
  }
  if (inType(cursor)) return typeCompletions();
  const labels = labelsAt(snapshot, cursor);
  if (labels) return labels;
  if (frame && frameKind(tokens, frame) === 'slice' && frame.segment.length === 0) {
    const dims = valueBefore(snapshot, tokens, frame.at - 1)?.dims;
    return axisCompletions(snapshot, dims).map((item) => ({ ...item, insert: `${item.label}: ` }));
  }
  if (!frame && tokens.length <= 1) return [];
  if (endsValue(before) && frame?.segment.length !== 0) return continuations(cursor);
  return valuesAt(snapshot, cursor);
}

/** Something must follow, so a new line goes on with the declaration. */
function isOpenEnded(before: IToken | undefined): boolean {
  return before !== undefined && !endsValue(before) && before.tokenType !== At;
}

/** What may stand behind a whole value. */
function continuations({ tokens, frames, head }: Cursor): readonly Completion[] {
  if (!endsValue(tokens.at(-1)) || tokens.length < 3) return [];
  const stage = /^(dataset|transform|train|evaluate)$/.test(head?.image ?? '');
  const clause = stage && frames.length === 0 && !tokens.some((token) => token.tokenType === where);
  return operatorCompletions(['is', 'and', 'or', ...(clause ? ['where'] : [])]);
}

/** Behind `axis:` in a slice, behind `is`, in a `match`: labels, and those only. */
function labelsAt(
  snapshot: Snapshot,
  { tokens, frames }: Cursor,
): readonly Completion[] | undefined {
  const [frame, outer] = frames;
  const last = tokens.length - 1;
  const before = tokens[last];
  if (before?.tokenType === is) return labelsOfSubject(snapshot, tokens, last - 1);
  if (before?.tokenType === not && tokens[last - 1]?.tokenType === is) {
    return labelsOfSubject(snapshot, tokens, last - 2);
  }
  if (!frame) return undefined;
  const axis = axisOf(frame, tokens);
  if (axis && before?.tokenType === Colon) return labelsOfAxis(snapshot, axis);
  if (frame.opener.tokenType !== LBrace || frame.segment.length > 0) return undefined;
  const written = tokens.slice(frame.at + 1);
  const opener = tokens[frame.at - 1];
  const sliced = outer && axisOf(outer, tokens);
  if (sliced && opener?.tokenType === Colon) {
    return without(labelsOfAxis(snapshot, sliced), written);
  }
  if (opener?.tokenType === is) {
    return without(labelsOfSubject(snapshot, tokens, frame.at - 2), written);
  }
  if (opener?.tokenType === not) {
    return without(labelsOfSubject(snapshot, tokens, frame.at - 3), written);
  }
  return isMatch(tokens, frame) ? armsAt(snapshot, tokens, frame, written) : undefined;
}

function armsAt(
  snapshot: Snapshot,
  tokens: readonly IToken[],
  frame: Frame,
  written: readonly IToken[],
): readonly Completion[] {
  const otherwise: Completion = { label: 'else', kind: 'keyword', rank: 99 };
  const labels = [...labelsOfSubject(snapshot, tokens, frame.at - 1), otherwise];
  return without(labels, written).map((item) => ({ ...item, insert: `${item.label}: ` }));
}

/** The axis of `[axis: `, if the bracket is a slice. */
function axisOf(frame: Frame, tokens: readonly IToken[]): IToken | undefined {
  const [axis, colon] = frame.segment;
  const slice = frameKind(tokens, frame) === 'slice' && isWord(axis) && colon?.tokenType === Colon;
  return slice ? axis : undefined;
}

function isMatch(tokens: readonly IToken[], { at }: Frame): boolean {
  for (let i = at - 1; i >= 0 && at - i < 40; i--) {
    if (tokens[i]?.tokenType === match) return true;
    if (tokens[i]?.image === '{' || tokens[i]?.image === ',') return false;
  }
  return false;
}

/** Behind `:` of a param or parameter, behind `->` and inside the brackets of a type. */
function inType({ tokens, head, frames }: Cursor): boolean {
  const [frame] = frames;
  const before = tokens.at(-1);
  if (before?.tokenType === Arrow) return true;
  if (head?.tokenType === declarationKeyword.param) {
    const equal = tokens.some((token) => token.tokenType === Equal);
    return !equal && tokens.some((token) => token.tokenType === Colon) && !endsValue(before);
  }
  const declares = [declarationKeyword.def, declarationKeyword.extern].some(
    (k) => k === head?.tokenType,
  );
  const parameters = declares && frames.length === 1 && frame?.opener.image === '(';
  return parameters && before?.tokenType === Colon && frame.segment.length === 2;
}

/** Is the annotation that is being written one of an `extern`? */
function beforeExtern({ module }: Snapshot, { offset }: Cursor): boolean {
  const next = module.declarations.find((d) => d.span.end >= offset);
  return next?.kind === 'extern';
}

/** Arguments that are not given yet, and values, those of the expected type first. */
function valuesAt(snapshot: Snapshot, cursor: Cursor): readonly Completion[] {
  const { tokens, frames } = cursor;
  const [frame] = frames;
  const call = openCall(snapshot, cursor);
  const direct = call && (call.frame === frame || inAxisList(call.frame, frames));
  const own = cursor.head && tokens[tokens.indexOf(cursor.head) + 1]?.image;
  if (call && direct && call.named && call.active?.axes) {
    const first = tokens[call.frame.at + 1];
    return first ? axisCompletions(snapshot, undefined) : [];
  }
  const names = nameCompletions(snapshot, direct ? call?.active?.type : undefined, own);
  if (head(cursor) === 'report' && frames.length === 0) return reportForms();
  if (!call || call.frame !== frame || frame.segment.length > 0) return names;
  const parameters = call.callee.params.flatMap((param, i): readonly Completion[] => {
    if (call.given.includes(param.name)) return [];
    if (call.callee.result === '' && i === 0) return [];
    const { name, text, doc, required } = param;
    const rank = required ? 5 : 8;
    return [{ label: `${name}:`, kind: 'parameter', detail: text, doc, insert: `${name}: `, rank }];
  });
  return [...parameters, ...names];
}

function head(cursor: Cursor): string | undefined {
  return cursor.head?.image;
}

function reportForms(): readonly Completion[] {
  return ['table', 'pivot'].map((label, rank) => ({ label, kind: 'function', rank }));
}

/** The list in `over: [seed, …`. */
function inAxisList(frame: Frame, frames: readonly Frame[]): boolean {
  return frames[1] === frame && frames[0]?.opener.image === '[';
}

/** The type that is expected where the cursor stands, if that is known. */
function expectedAt(snapshot: Snapshot, cursor: Cursor): Type | undefined {
  const [frame] = cursor.frames;
  const call = openCall(snapshot, cursor);
  const last = cursor.tokens.at(-1)?.tokenType;
  const compares = last === and || last === or;
  return call && call.frame === frame && !compares ? call.active?.type : undefined;
}
