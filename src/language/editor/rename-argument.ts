import type { Edit } from '../../base/diagnostic.js';
import type { Span } from '../../base/source.js';
import type { CallExpression } from '../ast.js';
import { placeArguments, type Written, writtenAs } from '../check/expressions/place-arguments.js';
import type { ExternParam } from '../program.js';
import { callable } from './callable.js';
import { eachNode, nodePath } from './node-path.js';
import { occurrenceAt, placeOfParameter, type Snapshot } from './snapshot.js';
import { spanKey } from './span-key.js';

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
  const params = call && paramsOf(call, snapshot)?.map((param) => param.name);
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

/**
 * The edits that keep where the arguments of calls go when a parameter of their `def` gets the name
 * of one that stands bare in another place: it is named, and so is all behind it.
 */
export function keepArguments(snapshot: Snapshot, param: Span, to: string): readonly Edit[] {
  const edits: Edit[] = [];
  eachNode(snapshot.module.declarations, (node) => {
    // an entry of an axis that is a call has the call inside
    if (node.kind !== 'call' || !('callee' in node)) return;
    const call = node as CallExpression;
    const params = paramsOf(call, snapshot) ?? [];
    const own = params.find((one) => spanKey(placeOfParameter(one)) === spanKey(param));
    const written = call.args.map(writtenAs);
    const index = written.findIndex(({ name, bare }) => bare && name === to);
    // where the parameter itself stands, it is renamed there
    if (!own || index < 0 || written.some(({ name }) => name === own.name)) return;
    const placed = placeArguments(
      written,
      params.map(({ name }) => name),
    );
    const there = placed[index];
    if (there?.kind === 'fills' && there.param === own.name) return;
    for (const [i, arg] of call.args.entries()) {
      const place = placed[i];
      if (i < index || place?.kind !== 'fills' || arg.name) continue;
      const name = place.param === own.name ? to : place.param;
      edits.push({ span: { ...arg.span, end: arg.span.start }, text: `${name}: ` });
    }
  });
  return edits;
}

/** The parameters of what a call calls, where that is known. */
function paramsOf(call: CallExpression, snapshot: Snapshot): readonly ExternParam[] | undefined {
  const callee = occurrenceAt(snapshot, call.callee.span.end);
  const meaning = callee?.targets.find((target) => target.kind === 'name')?.symbol.meaning;
  return callable(meaning)?.params;
}

/** The call of which the word is an argument by itself. */
function callAround({ module }: Snapshot, span: Span): CallExpression | undefined {
  const path = nodePath(module, span.start);
  const call = path.findLast((node) => node.kind === 'call') as CallExpression | undefined;
  return call?.args.some((arg) => arg.span.start === span.start && arg.span.end === span.end)
    ? call
    : undefined;
}
