import type { Edit } from '../../base/diagnostic.js';
import type { Span } from '../../base/source.js';
import type { Expression } from '../ast.js';
import { placeArguments, type Written, writtenAs } from '../check/expressions/place-arguments.js';
import { callable } from './callable.js';
import { nodePath } from './node-path.js';
import { occurrenceAt, type Snapshot } from './snapshot.js';

type Call = Extract<Expression, { kind: 'call' }>;

/**
 * The edits that rename a bare argument, or the parameter that it fills, so that every argument of
 * its call goes where it went; none where the word is no bare argument of a known call.
 */
export function renameArgument(
  snapshot: Snapshot,
  span: Span,
  to: string,
  what: 'name' | 'parameter',
): readonly Edit[] | undefined {
  const call = callAround(snapshot, span);
  const callee = call && occurrenceAt(snapshot, call.callee.span.end);
  const meaning = callee?.targets.find((target) => target.kind === 'name')?.symbol.meaning;
  const params = callable(meaning)?.params.map((param) => param.name);
  if (!call || !params) return undefined;
  const index = call.args.findIndex((arg) => arg.span.start === span.start);
  const written = call.args.map(writtenAs);
  const own = written[index];
  if (!own?.bare || own.name === undefined) return undefined;
  const placed = placeArguments(written, params);
  const paramAt = (i: number) => {
    const place = placed[i];
    return place?.kind === 'fills' ? place.param : undefined;
  };
  const filled = paramAt(index);
  const text = own.name;
  const renamed = (param: string) => (what === 'parameter' && param === filled ? to : param);
  const word = what === 'name' ? to : text;
  const after = placeArguments(
    written.map((arg, i): Written => (i === index ? { name: word, bare: true } : arg)),
    params.map(renamed),
  );
  const same = after.every((place, i) => {
    const before = paramAt(i);
    const wanted = before === undefined ? undefined : renamed(before);
    return place.kind !== 'fills' || (place.param === wanted && place.skipped === undefined);
  });
  if (filled === undefined || (same && after.every((place) => place.kind === 'fills'))) {
    return what === 'name' ? [{ span, text: to }] : [];
  }
  // behind a name all have names
  const others = call.args.flatMap((arg, i): Edit[] => {
    const param = paramAt(i);
    if (i <= index || param === undefined || written[i]?.name === param) return [];
    return [{ span: { ...arg.span, end: arg.span.start }, text: `${param}: ` }];
  });
  return [{ span, text: `${renamed(filled)}: ${word}` }, ...others];
}

/** The call of which the word is an argument by itself. */
function callAround({ module }: Snapshot, span: Span): Call | undefined {
  const path = nodePath(module, span.start);
  const call = path.findLast((node) => node.kind === 'call') as Call | undefined;
  return call?.args.some((arg) => arg.span.start === span.start && arg.span.end === span.end)
    ? call
    : undefined;
}
