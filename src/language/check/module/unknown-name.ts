import { diagnose } from '../../../base/codes.js';
import type { Advice } from '../../../base/diagnostic.js';
import { changeTo } from '../../../base/fix.js';
import { nearest } from '../../../base/nearest.js';
import type { Module, Name } from '../../ast.js';
import { addImport } from '../advice/add-import.js';
import type { Context } from '../context.js';
import { preludeNames } from '../expressions/check-prelude.js';
import type { FileNames } from './file-names.js';
import { broughtByMistake, type Modules, moduleOf, takeFrom } from './imports.js';

/** Words of other languages for what has another name here. */
const otherWords: Readonly<Record<string, string>> = {
  True: 'true',
  TRUE: 'true',
  False: 'false',
  FALSE: 'false',
  yes: 'true',
  no: 'false',
  None: 'none',
  NONE: 'none',
  null: 'none',
  NULL: 'none',
  Null: 'none',
  nil: 'none',
  undefined: 'none',
};

const rankCorrelation = 'the rank correlation is `spearman(measure, against: score, over: axis)`';
const noFunctions = 'there are no functions of numbers; there are `+`, `-`, `*` and `/`';

/** Functions of other languages, and what there is instead. */
const otherFunctions: Readonly<Record<string, string>> = {
  range: 'a range of whole numbers has both ends: `1..4`',
  sqrt: noFunctions,
  pow: noFunctions,
  exp: noFunctions,
  log: noFunctions,
  abs: noFunctions,
  round: 'numbers are rounded where they are shown',
  floor: noFunctions,
  ceil: noFunctions,
  int: noFunctions,
  float: noFunctions,
  str: 'there is no text of a number; a label is written as it is',
  len: 'the number of points is `count(value, over: axis)`',
  sum: 'a sum is `mean(value, over: axis) * count(value, over: axis)`',
  avg: 'write `mean(value, over: axis)`',
  average: 'write `mean(value, over: axis)`',
  median: 'there are `mean`, `iqm` (the interquartile mean), `min` and `max`',
  rank: 'write `ranking(value, over: axis)`',
  correlation: rankCorrelation,
  corr: rankCorrelation,
  pearson: rankCorrelation,
  spearmanr: rankCorrelation,
};

/** Advice for a name that is not declared: where the library has it, or a near one. */
function unknownNameAdvice(
  name: Name,
  declared: readonly string[],
  by: Module,
  modules: Modules,
): Advice {
  const { text, span } = name;
  const word = Object.hasOwn(otherWords, text) ? otherWords[text] : undefined;
  if (word !== undefined) return { help: `write \`${word}\``, fixes: [changeTo(span, word)] };
  const module = moduleOf(text, modules);
  if (module !== undefined) return takeFrom(module, name, by, false);
  const near = nearest(text, declared);
  if (near !== undefined) {
    return { help: `did you mean \`${near}\`?`, fixes: [changeTo(span, near)] };
  }
  const instead = Object.hasOwn(otherFunctions, text) ? otherFunctions[text] : undefined;
  if (instead !== undefined) return { help: instead };
  const all = modules.names.flatMap((from) => modules.find(from)?.names ?? []);
  const far = nearest(text, all);
  const home = far === undefined ? undefined : moduleOf(far, modules);
  if (far === undefined || home === undefined) return {};
  const edits = [{ span, text: far }, addImport(by, home, far)];
  const title = `Change to \`${far}\` of \`${home}\``;
  return { help: `did you mean \`${far}\` of \`${home}\`?`, fixes: [{ title, edits }] };
}

/** Unknown names of a file that near ones are looked for: nobody reads it a thousand times. */
const mostHelped = 1000;

/** Says which names are unknown in a file, but for those that a wrong import would bring. */
export function unknownNames(
  { byName }: FileNames,
  module: Module,
  modules: Modules,
): Context['reportUnknown'] {
  let count = 0;
  let brought: ((name: string) => boolean) | undefined;
  const adviceFor = (name: Name) => {
    if (count > mostHelped) return {};
    return unknownNameAdvice(name, [...byName.keys(), ...preludeNames], module, modules);
  };
  return (name, report, as) => {
    brought ??= broughtByMistake(module, modules);
    if (brought(name.text)) return;
    count += 1;
    report(as ?? diagnose('unknown-name', name.span, { name: name.text }, adviceFor(name)));
  };
}
