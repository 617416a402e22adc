import { diagnose } from '../../../base/codes.js';
import type { Name } from '../../ast.js';
import { termDepth } from '../../terms/term-depth.js';
import type { CheckedAxis, DeclaredName, Meaning } from '../context.js';
import { circleFrom, reportCycle } from '../declarations/cycle.js';
import { preludeNames } from '../expressions/check-prelude.js';
import { AT } from '../expressions/kept-epochs.js';
import { checkDeclaration } from './check-declaration.js';
import type { OpenFile } from './open-file.js';

/** Declarations that may wait for each other: each is checked inside the check of the one before. */
const mostOpen = 400;

/** Terms that may lie in each other: all that walks them does so by recursion. */
const mostDeep = 1500;

/** What a name means in a file: what it declares, or what is built in. */
export function lookup(name: Name, file: OpenFile): Meaning | undefined {
  const { byName, misused, ambiguous } = file.names;
  const { note } = file.options;
  const symbol = byName.get(name.text);
  if (symbol) {
    symbol.used = true;
    note?.(name.span, { kind: 'name', symbol });
    return ambiguous.has(name.text) ? { kind: 'unknown' } : resolve(symbol, file);
  }
  if (name.text === AT) {
    const axis = keptAxis(file);
    if (axis) note?.(name.span, { kind: 'kept', axis });
    return axis && { kind: 'axis', axis };
  }
  if (!preludeNames.includes(name.text)) return undefined;
  if (misused.has(name.text)) return { kind: 'unknown' };
  note?.(name.span, { kind: 'prelude', name: name.text });
  return { kind: 'prelude', name: name.text };
}

/** The axis of the epochs whose encoders are kept, if a training keeps any. */
function keptAxis(file: OpenFile): CheckedAxis | undefined {
  const { axes } = file.shared;
  const { open } = file.options.modules;
  if (!axes.has(AT)) {
    for (const symbol of file.names.symbols) {
      if (symbol.word === 'train' && !open.includes(symbol)) resolve(symbol, file);
    }
  }
  return axes.get(AT);
}

/** What a declared name means; checks its declaration when it is asked for first. */
export function resolve(symbol: DeclaredName, file: OpenFile): Meaning {
  if (symbol.meaning) return symbol.meaning;
  if (symbol.inCycle) return { kind: 'unknown' };
  const { report } = file.context;
  const { open } = file.options.modules;
  if (open.includes(symbol)) {
    reportCycle(open.slice(open.indexOf(symbol)), report);
    return { kind: 'unknown' };
  }
  if (open.length >= mostOpen) {
    const loop = circleFrom(symbol, file.names.byName);
    if (!loop) return tooDeep(symbol, mostOpen, file);
    reportCycle(loop, report);
    return { kind: 'unknown' };
  }
  open.push(symbol);
  const meaning = checkDeclaration(symbol, file);
  open.pop();
  if (meaning.kind === 'term' && termDepth(meaning.term) > mostDeep) {
    return tooDeep(symbol, mostDeep, file);
  }
  symbol.meaning = symbol.inCycle ? { kind: 'unknown' } : meaning;
  return symbol.meaning;
}

function tooDeep(symbol: DeclaredName, limit: number, { context }: OpenFile): Meaning {
  const help = 'these declarations need each other in a long row';
  context.report(diagnose('too-deep', symbol.name.span, { limit }, { help }));
  symbol.meaning = { kind: 'unknown' };
  return symbol.meaning;
}
