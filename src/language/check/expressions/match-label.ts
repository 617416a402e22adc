import type { Json } from '../../../base/canonical.js';
import type { Label } from '../../ast.js';
import type { Call, Term } from '../../program.js';
import { type StageCall, termText } from '../../terms/call-labels.js';
import { evaluate } from '../../terms/evaluate.js';
import { meetAsFraction } from '../../types/join-types.js';
import { showValue } from '../../types/show-value.js';
import { apart, type CheckedAxis, type Context } from '../context.js';
import { checkCall } from './check-call.js';

const noStages: StageCall = () => undefined;

/**
 * The label of an axis that is meant: the same text, or for a number the same value, for a range
 * the same ends, for a call the one entry that agrees with every argument that is written.
 */
export function matchLabel(axis: CheckedAxis, label: Label, context: Context): string | undefined {
  const same = axis.labels.find((l) => l.label === label.text);
  if (same) return same.label;
  if (label.kind === 'quoted' || label.kind === 'word' || !label.value) return undefined;
  const quiet = apart(context).context;
  if (label.kind === 'call') return matchCall(axis, label, quiet);
  const written = quiet.check(label.value, quiet);
  return axis.labels.find((l) => sameValue(written, l.value, context))?.label;
}

function sameValue(a: Term, b: Term, context: Context): boolean {
  const [x, y] = [evaluate(a, {}, context.axes), evaluate(b, {}, context.axes)];
  if (x === undefined || y === undefined) return false;
  const [s, t] = [a.type, b.type];
  if (s.kind === 'number' && t.kind === 'number') {
    return (
      x === y && (s.unit === t.unit || plainPair(s.unit, t.unit) || meetAsFraction(s.unit, t.unit))
    );
  }
  return s.kind === 'range' && t.kind === 'range' && rangeText(x, a) === rangeText(y, b);
}

function plainPair(a: string, b: string): boolean {
  return [a, b].every((unit) => unit === 'Int' || unit === 'Float');
}

function rangeText(value: Json, term: Term): string {
  return showValue(value, term.type);
}

function matchCall(axis: CheckedAxis, label: Label, quiet: Context): string | undefined {
  const value = label.value;
  if (value?.kind !== 'call' || value.callee.kind !== 'name') return undefined;
  const name = value.callee.name.text;
  const matches = axis.labels.filter((_, i) => {
    const call = axis.calls[i];
    return call !== undefined && calleeIs(call, name, quiet) && agrees(call);
  });
  return matches.length === 1 ? matches[0]?.label : undefined;

  function agrees(call: Call): boolean {
    if (value?.kind !== 'call') return false;
    const written = checkCall(value, call.extern, quiet);
    return written.args.every((arg, i) => {
      const other = call.args[i]?.value;
      return arg.filled || (other && text(arg.value) === text(other));
    });
  }
}

function calleeIs(call: Call, name: string, context: Context): boolean {
  if (call.extern.name.endsWith(`.${name}`)) return true;
  const meaning = context.lookup({ text: name, span: call.span });
  if (meaning?.kind === 'def') return meaning.def.signature === call.extern;
  return meaning?.kind === 'extern' && meaning.extern.name === call.extern.name;
}

function text(term: Term): string {
  return termText(term, noStages);
}
