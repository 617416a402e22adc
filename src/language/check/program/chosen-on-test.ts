import { diagnose } from '../../../base/codes.js';
import type { Diagnostic } from '../../../base/diagnostic.js';
import { changeTo } from '../../../base/fix.js';
import type { Span } from '../../../base/source.js';
import { foldedText } from '../../lex/source-text.js';
import type { Call, Expect, Reference, Report, Stage, Term } from '../../program.js';
import type { Axes } from '../../terms/points-over.js';
import { childrenOf } from '../../terms/terms.js';
import type { Type } from '../../types.js';

/** What is shown and claimed of the stages. */
interface Shown {
  readonly stages: ReadonlyMap<string, Stage>;
  readonly reports: readonly Report[];
  readonly expects: readonly Expect[];
  readonly references: readonly Reference[];
}

type Member = Extract<Term, { kind: 'member' }>;
type Reduce = Extract<Term, { kind: 'reduce' }>;

/**
 * Warns of what is chosen by a metric of the test split: `pick` and `argmax` by it, `max` or `min` of
 * it, but for a difference of the two, and trainings by `@halving`. What was chosen on the test split is
 * too good there.
 */
export function chosenOnTest(shown: Shown, axes: Axes): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const seen = new Set<Term>();

  function look(term: Term, inDifference: boolean): void {
    if (seen.has(term)) return;
    seen.add(term);
    if (term.kind === 'reduce' && chooses(term, inDifference)) tell(term);
    const difference = term.kind === 'binary' && term.operator === '-';
    for (const child of childrenOf(term)) look(child, difference);
  }

  function tell(term: Reduce): void {
    const metric = testMetric(term.operator === 'pick' ? (term.beside ?? term.of) : term.of);
    if (!metric) return;
    const { of } = metric;
    const own = validationIn(of.type);
    const name = foldedText(of.span);
    const { operator, over } = term;
    const at = foldedText(metric.span);
    const axes = over.length === 1 ? over.join() : `[${over.join(', ')}]`;
    const args = { operator, metric: at };
    if (own === undefined) {
      const help = 'evaluate the validation split too (`test: "validation"`), and choose by that';
      found.push(diagnose('chosen-on-test', term.span, args, { help }));
      return;
    }
    const best = operator === 'max' || operator === 'min';
    const sign = operator === 'min' ? '-' : '';
    const instead = best
      ? `pick(${at}, by: ${sign}${name}.${own}, over: ${axes})`
      : `${name}.${own}`;
    const help = `choose by the validation split: \`${instead}\``;
    const place = best && term.of === metric ? term.span : best ? undefined : metric.span;
    const fixes = place && isWithin(place, term.span) ? [changeTo(place, instead)] : [];
    found.push(diagnose('chosen-on-test', term.span, args, { help, fixes }));
  }

  /** A metric of the test split among what a value is made of. */
  function testMetric(term: Term): Member | undefined {
    if (term.kind === 'member' && term.of.type.kind === 'metrics') {
      return isOfTest(term.name, callsIn(term.of)) ? term : undefined;
    }
    for (const child of childrenOf(term)) {
      const metric = testMetric(child);
      if (metric) return metric;
    }
    return undefined;
  }

  function callsIn(term: Term): readonly Call[] {
    if (term.kind === 'stage') {
      return shown.stages.get(term.stage)?.calls.map(({ call }) => call) ?? [];
    }
    const parts =
      term.kind === 'axis'
        ? (axes.get(term.axis)?.labels.map(({ value }) => value) ?? [])
        : childrenOf(term);
    return parts.flatMap(callsIn);
  }

  /** Trainings that halving gives up by their answers on the test split. */
  function tellHalving({ halving, training }: Stage): void {
    const judge = halving && shown.stages.get(halving.by.stage);
    // The encoders on the way of a training go with it.
    if (!judge || training !== undefined) return;
    const { stage, metric, text, span } = halving.by;
    const calls = judge.calls.map(({ call }) => call);
    if (!isOfTest(metric, calls)) return;
    const args = { operator: '@halving', metric: text };
    const own = validationIn(judge.type);
    const instead = `${stage}.${own}`;
    const help = own
      ? `choose by the validation split: \`${instead}\``
      : 'evaluate the validation split too (`test: "validation"`), and choose by that';
    const fixes = own ? [changeTo(span, instead)] : [];
    found.push(diagnose('chosen-on-test', span, args, { help, fixes }));
  }

  for (const stage of shown.stages.values()) tellHalving(stage);
  for (const { values } of shown.reports) for (const { value } of values) look(value, false);
  for (const { condition } of shown.expects) look(condition, false);
  for (const { entries } of shown.references) for (const { target } of entries) look(target, false);
  return found;
}

/** Is a metric of some evaluations measured on the split `test`, by its name or by what they ask? */
function isOfTest(metric: string, calls: readonly Call[]): boolean {
  if (metric === 'time' || validation.test(metric)) return false;
  return /(^|_)test(_|$)/i.test(metric) || calls.some(asksTest);
}

/** What metrics of the validation split are called. */
const validation = /(^|_)(val|valid|validation)(_|$)/i;

/** The metric of the validation split among those of an evaluation. */
const validationIn = (type: Type): string | undefined =>
  type.kind === 'metrics'
    ? Object.keys(type.fields).find((name) => validation.test(name))
    : undefined;

/** Does it stand in there, and not where a `let` was declared? */
function isWithin(inner: Span, outer: Span): boolean {
  return inner.file === outer.file && inner.start >= outer.start && inner.end <= outer.end;
}

function chooses({ operator }: Reduce, inDifference: boolean): boolean {
  if (operator === 'pick' || operator === 'argmax') return true;
  return (operator === 'max' || operator === 'min') && !inDifference;
}

/** Is the call's answer about the split `test`? */
function asksTest({ extern, args }: Call): boolean {
  return extern.params.some(({ name }) => {
    if (name !== 'test' && name !== 'split') return false;
    const value = args.find((arg) => arg.name === name)?.value;
    return value?.kind === 'literal' && value.value === 'test';
  });
}
