import { foldedText } from '../lex/source-text.js';
import type { Call, Term } from '../program.js';
import { showValue } from '../types/show-value.js';

/** Finds the call behind a nested stage, so that labels tell two of them apart. */
export type StageCall = (stage: string) => Call | undefined;

/** The canonical text of a term, as labels show it. */
export function termText(term: Term, calls: StageCall): string {
  const go = (inner: Term) => termText(inner, calls);
  switch (term.kind) {
    case 'literal':
      return showValue(term.value, term.type);
    case 'file':
      return term.folder ? go(term.path) : `file(${go(term.path)})`;
    case 'env':
      return `${term.secret ? 'secret' : 'env'}.${term.name}`;
    case 'axis':
      return term.axis;
    case 'stage': {
      const call = calls(term.stage);
      return call ? callText(call, calls) : term.stage;
    }
    case 'describe':
      return callText(term.call, calls);
    case 'list':
      return `[${term.items.map(go).join(', ')}]`;
    case 'record':
      return `{${term.fields.map((field) => `${field.name}: ${go(field.value)}`).join(', ')}}`;
    case 'range':
      return `${go(term.low)}..${go(term.high)}`;
    default:
      return foldedText(term.span);
  }
}

/** A call with every argument that was written. */
function callText(call: Call, calls: StageCall): string {
  const args = call.args.filter((arg) => !arg.filled);
  return `${shortName(call.extern.name)}(${args.map((arg) => `${arg.name}: ${termText(arg.value, calls)}`).join(', ')})`;
}

/** `simclr` of `std.ssl.simclr`. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/**
 * Labels of calls: the declared name, plus every argument that differs among the entries with that
 * callee, defaults filled in, in the order of the declaration: `simclr(temperature: 10%)`.
 */
export function callLabels(
  entries: readonly (Call | undefined)[],
  calls: StageCall,
): readonly (string | undefined)[] {
  const texts = new Map<Call, ReadonlyMap<string, string>>();
  for (const call of entries) {
    if (!call) continue;
    texts.set(call, new Map(call.args.map((arg) => [arg.name, termText(arg.value, calls)])));
  }
  return entries.map((call) => {
    if (!call) return undefined;
    const family = [...texts].filter(([other]) => other.extern.name === call.extern.name);
    const differing = call.args.flatMap((arg) => {
      const own = texts.get(call)?.get(arg.name) ?? '';
      return family.some(([, args]) => args.get(arg.name) !== own) ? [`${arg.name}: ${own}`] : [];
    });
    return differing.length === 0
      ? shortName(call.extern.name)
      : `${shortName(call.extern.name)}(${differing.join(', ')})`;
  });
}
