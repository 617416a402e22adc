import { defaultText } from '../check/extern-text.js';
import { shortName } from '../check/labels.js';
import { showType } from '../check/types-show.js';
import type { IToken } from '../parse/chevrotain.js';
import { Colon, isCloser, isOpener, isWord } from '../parse/tokens.js';
import type { Type } from '../types.js';
import { callable } from './callable.js';
import { type Cursor, type Frame, frameKind } from './cursor.js';
import { preludeDocs } from './prelude-docs.js';
import { paramText } from './show.js';
import type { Snapshot } from './snapshot.js';
import { meaningOf } from './term-of.js';

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
    if (frameKind(cursor.tokens, frame) !== 'call') continue;
    const token = cursor.tokens[frame.at - 1];
    const callee = token && calleeOf(snapshot, token);
    if (!callee) return undefined;
    return callOf(cursor, frame, callee);
  }
  return undefined;
}

function callOf(cursor: Cursor, frame: Frame, callee: Callee): OpenCall {
  const inside = segments(cursor.tokens.slice(frame.at + 1));
  const current = inside.at(-1) ?? [];
  const names = inside.map(nameOf);
  const firstNamed = names.findIndex((name) => name !== undefined);
  const before = inside.slice(0, -1).flatMap((segment, i) => {
    // behind the first named argument a bare name stands for itself
    const bare =
      firstNamed >= 0 && i > firstNamed && segment.length === 1 ? segment[0]?.image : undefined;
    const position = firstNamed < 0 || i < firstNamed ? callee.params[i]?.name : undefined;
    return names[i] ?? bare ?? position ?? [];
  });
  const given = [...before, ...namedBehind(cursor.behind, firstNamed >= 0)];
  const name = nameOf(current);
  const positional = firstNamed < 0 ? callee.params[inside.length - 1] : undefined;
  const active = name === undefined ? positional : callee.params.find((p) => p.name === name);
  return { callee, frame, given, active, named: name !== undefined };
}

/** The names that stand behind the cursor, up to the end of the call. */
function namedBehind(tokens: readonly IToken[], afterNamed: boolean): readonly string[] {
  let depth = 0;
  const close = tokens.findIndex((token) => {
    if (isOpener(token)) depth += 1;
    else if (isCloser(token)) depth -= 1;
    return depth < 0;
  });
  // in a call that is not closed what follows may be anything
  if (close < 0) return [];
  let named = afterNamed;
  return segments(tokens.slice(0, close)).flatMap((segment, i) => {
    const name = nameOf(segment);
    named ||= name !== undefined;
    const bare = named && i > 0 && segment.length === 1 ? segment[0]?.image : undefined;
    return name ?? bare ?? [];
  });
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

/** What a word calls. */
export function calleeOf(snapshot: Snapshot, token: IToken): Callee | undefined {
  const meaning = meaningOf(snapshot, token);
  const extern = callable(meaning);
  if (extern) {
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
      text: i === 0 ? name : `${name}: axes`,
      doc: undefined,
      required: i === 0,
      axes: i > 0,
    })),
  };
}
