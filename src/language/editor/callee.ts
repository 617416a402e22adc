import { calleesIn } from '../check/expressions/check-with.js';
import { placeArguments, type Written } from '../check/expressions/place-arguments.js';
import type { IToken } from '../lex/chevrotain.js';
import { Colon, Comma, contextualWord, isCloser, isOpener, isWord } from '../lex/tokens.js';
import type { Extern } from '../program.js';
import { shortName } from '../terms/call-labels.js';
import { defaultText } from '../terms/extern-text.js';
import { showType } from '../types/show-type.js';
import type { Type } from '../types.js';
import { callable } from './callable.js';
import { type Cursor, type Frame, frameKind } from './cursor.js';
import { preludeDocs } from './prelude-docs.js';
import { paramText } from './show.js';
import type { Snapshot } from './snapshot.js';
import { meaningOf, valueBefore } from './term-of.js';

/** Something that can be called, however it is declared. */
export interface Callee {
  readonly name: string;
  readonly doc: string | undefined;
  readonly result: string;
  readonly params: readonly CalleeParam[];
}

export interface CalleeParam {
  readonly name: string;
  readonly type: Type;
  /** `epochs: Int(1..) = 100`. */
  readonly text: string;
  readonly doc: string | undefined;
  readonly required: boolean;
  /** Takes names of axes. */
  readonly axes: boolean;
}

/** The call around the cursor, its callee known. */
export interface OpenCall {
  readonly callee: Callee;
  readonly frame: Frame;
  /** The parameters that get their arguments elsewhere in the call. */
  readonly given: readonly string[];
  /** The parameter that the cursor is at. */
  readonly active: CalleeParam | undefined;
  /** Whether `name:` stands before the cursor already. */
  readonly named: boolean;
}

/** The innermost call that the cursor stands in the arguments of. */
export function openCall(snapshot: Snapshot, cursor: Cursor): OpenCall | undefined {
  for (const frame of cursor.frames) {
    const token = cursor.tokens[frame.at - 1];
    const changes = token?.tokenType === contextualWord.with;
    if (frameKind(cursor.tokens, frame) !== 'call' && !changes) continue;
    const callee = changes
      ? changedCallee(snapshot, cursor, frame)
      : token && calleeOf(snapshot, token);
    if (!callee) return undefined;
    return callOf(cursor, frame, callee);
  }
  return undefined;
}

function callOf(cursor: Cursor, frame: Frame, callee: Callee): OpenCall {
  const inside = segments(cursor.tokens.slice(frame.at + 1));
  const current = inside.length - 1;
  const behind = segmentsBehind(cursor.behind);
  const written = [...inside, ...behind].map(writtenAs);
  const touched = inside[current]?.length === 0 ? cursor.touched : undefined;
  if (isWord(touched)) {
    const [next] = cursor.behind;
    const whole = next === undefined || next.tokenType === Comma || isCloser(next);
    if (whole) written[current] = { name: touched?.image, bare: true };
  }
  const params = callee.params.map((param) => param.name);
  const placed = placeArguments(written, params);
  // what is being written names nothing yet where a name may follow
  const given = placed.flatMap((place, i) =>
    place.kind === 'fills' && i !== current && (i < current || written[i]?.name !== undefined)
      ? [place.param]
      : [],
  );
  const name = nameOf(inside.at(-1) ?? []);
  const here = placed[current];
  const active = name ?? (here?.kind === 'fills' ? here.param : undefined);
  return {
    callee,
    frame,
    given,
    active: callee.params.find((p) => p.name === active),
    named: name !== undefined,
  };
}

/** The arguments that stand behind the cursor, up to the end of the call. */
function segmentsBehind(tokens: readonly IToken[]): readonly (readonly IToken[])[] {
  let depth = 0;
  const close = tokens.findIndex((token) => {
    if (isOpener(token)) depth += 1;
    else if (isCloser(token)) depth -= 1;
    return depth < 0;
  });
  // in a call that is not closed what follows may be anything
  if (close < 0) return [];
  const [first = [], ...rest] = segments(tokens.slice(0, close));
  // up to the next comma it is what the cursor stands in, unless that is not written yet
  return nameOf(first) === undefined ? rest : [first, ...rest];
}

/** An argument of tokens as it is written. */
function writtenAs(segment: readonly IToken[]): Written {
  const name = nameOf(segment);
  if (name !== undefined) return { name, bare: false };
  const [word] = segment;
  const bare = segment.length === 1 && isWord(word);
  return { name: bare ? word?.image : undefined, bare };
}

/** The tokens between commas, outside of inner brackets; the last one is being written. */
function segments(tokens: readonly IToken[]): readonly (readonly IToken[])[] {
  const parts: IToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isOpener(token)) depth += 1;
    else if (isCloser(token)) depth -= 1;
    if (depth === 0 && token.image === ',') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function nameOf([first, second]: readonly IToken[]): string | undefined {
  return isWord(first) && second?.tokenType === Colon ? first?.image : undefined;
}

/** The callee of the description whose arguments `with {…}` changes. */
function changedCallee(snapshot: Snapshot, cursor: Cursor, frame: Frame): Callee | undefined {
  const term = valueBefore(snapshot, cursor.tokens, frame.at - 2);
  const [extern] = (term && calleesIn(term, snapshot.open.context.axes)) ?? [];
  return extern && ofExtern(extern);
}

/** What a word calls. */
function calleeOf(snapshot: Snapshot, token: IToken): Callee | undefined {
  const meaning = meaningOf(snapshot, token);
  const extern = callable(meaning);
  if (extern) return ofExtern(extern);
  if (meaning?.kind !== 'prelude') return undefined;
  const known = preludeDocs[meaning.name];
  if (!known || known.params.length === 0) return undefined;
  return {
    name: meaning.name,
    doc: known.doc,
    result: '',
    params: known.params.map((name, i) => ({
      name,
      type: { kind: 'unknown' },
      text: i === 0 ? name : takesAxes.has(name) ? `${name}: axes` : `${name}: value`,
      doc: undefined,
      required: i === 0,
      axes: takesAxes.has(name),
    })),
  };
}

/** Parameters of built-in functions that name axes. */
const takesAxes: ReadonlySet<string> = new Set(['rows', 'columns', 'over', 'strata']);

function ofExtern(extern: Extern): Callee {
  return {
    name: shortName(extern.name),
    doc: extern.doc,
    result: showType(extern.result),
    params: extern.params.map((param) => ({
      name: param.name,
      type: param.type,
      text: paramText(param),
      doc: param.doc,
      required: defaultText(param) === undefined,
      axes: param.type.kind === 'axis',
    })),
  };
}
