import { diagnose } from '../../../base/codes.js';
import { changeTo, insert, removeItem, textAt } from '../../../base/fix.js';
import type { Expression, Label, MatchArm } from '../../ast.js';
import { foldedText } from '../../lex/source-text.js';
import type { Term } from '../../program.js';
import { labelText } from '../../terms/label-text.js';
import { dimsOf, isUnknown, unionDims, unknownTerm } from '../../terms/terms.js';
import { showType } from '../../types/show-type.js';
import type { Type } from '../../types.js';
import { choose } from '../advice/choose.js';
import type { CheckedAxis, Context } from '../context.js';
import { folded } from './check-operators.js';
import { checkLabels } from './check-slice.js';
import { joinTerms } from './join-terms.js';
import { knowing } from './narrow.js';

const bool: Type = { kind: 'bool' };

/** What `is` and `match` look at: an axis, or a value that is one of a few texts. */
type Subject =
  | { readonly kind: 'axis'; readonly axis: CheckedAxis }
  | { readonly kind: 'enum'; readonly value: Term; readonly choices: readonly string[] };

/** Checks `method is simclr` and `stem is not small`. */
export function checkIs(expression: Extract<Expression, { kind: 'is' }>, context: Context): Term {
  const subject = checkSubject(expression.of, '`is`', context, expression);
  const { span, negated } = expression;
  if (!subject) return { ...unknownTerm(span), type: bool };
  const labels = labelsOf(subject, expression.labels, context);
  if (labels.length < expression.labels.length) return { ...unknownTerm(span), type: bool };
  return folded({
    kind: 'is',
    of: ofSubject(subject),
    labels,
    negated,
    type: bool,
    dims: dimsOfSubject(subject),
    span,
  });
}

/** Checks `match method { simclr: 0.3, else: 0.1 }`. */
export function checkMatch(
  expression: Extract<Expression, { kind: 'match' }>,
  context: Context,
): Term {
  const subject = checkSubject(expression.subject, '`match`', context);
  const seen = new Set<string>();
  const arms: { labels: readonly string[]; value: Term }[] = [];
  let otherwise: Term | undefined;
  const values: Term[] = [];
  for (const arm of expression.arms) {
    const value = context.check(arm.value, context);
    values.push(value);
    if (arm.labels.length === 0) {
      if (otherwise) reportTwice(arm, 'else', context);
      otherwise ??= value;
      continue;
    }
    const labels = subject ? labelsOf(subject, arm.labels, context) : [];
    for (const label of labels) {
      if (seen.has(label)) reportTwice(arm, label, context);
      seen.add(label);
    }
    arms.push({ labels, value });
  }
  if (!subject) return unknownTerm(expression.span);
  const missing = choicesOf(subject).filter((choice) => !seen.has(choice));
  const wrongLabels = expression.arms.flatMap((arm) => arm.labels).length > seen.size;
  if (!otherwise && missing.length > 0 && !wrongLabels) {
    const names = missing.map((label) => `\`${label}\``).join(', ');
    const help = 'add them, or `else: …`';
    // some value has to stand there
    const last = expression.arms.at(-1);
    const same = last && textAt(last.value.span);
    const fixes =
      last && same !== undefined ? [insert(last.span, last.span.end, `, else: ${same}`)] : [];
    context.report(diagnose('match-incomplete', expression.span, { names }, { help, fixes }));
  }
  const joined = joinTerms(
    values,
    expression.arms.map((arm) => arm.value),
    'branches of this `match`',
    context,
  );
  // of what nothing is said has no value, and that was told
  const open = !otherwise && missing.length > 0;
  if (open || values.some(isUnknown)) return unknownTerm(expression.span);
  let next = 0;
  const fitted = expression.arms.map((arm, i) => ({
    labels: arm.labels.length === 0 ? undefined : arms[next++]?.labels,
    value: joined.terms[i] ?? unknownTerm(arm.span),
  }));
  return folded({
    kind: 'match',
    of: ofSubject(subject),
    arms: fitted.flatMap((arm) => (arm.labels ? [{ labels: arm.labels, value: arm.value }] : [])),
    else: fitted.find((arm) => !arm.labels)?.value,
    type: joined.type,
    dims: unionDims(dimsOfSubject(subject), dimsOf(values)),
    span: expression.span,
  });
}

function reportTwice(arm: MatchArm, label: string, context: Context): void {
  const fixes = arm.labels.length > 1 ? [] : [removeItem(arm.span)];
  context.report(diagnose('duplicate-label', arm.span, { label }, { fixes }));
}

/** Checks `if c then a else b`. */
export function checkIf(expression: Extract<Expression, { kind: 'if' }>, context: Context): Term {
  const condition = context.check(expression.condition, context);
  const branches = [expression.then, expression.else];
  const terms = branches.map((branch, i) =>
    context.check(branch, knowing(expression.condition, i === 0, context)),
  );
  const { span } = expression;
  if (condition.type.kind !== 'bool') {
    if (!isUnknown(condition)) {
      const args = { operator: 'if', expected: 'a Bool', found: showType(condition.type) };
      context.report(diagnose('wrong-operand', expression.condition.span, args));
    }
    return unknownTerm(span);
  }
  const joined = joinTerms(terms, branches, 'branches of this `if`', context);
  const [then, otherwise] = joined.terms;
  if (!then || !otherwise || terms.some(isUnknown)) return unknownTerm(span);
  const dims = dimsOf([condition, then, otherwise]);
  return folded({ kind: 'if', condition, then, else: otherwise, type: joined.type, dims, span });
}

function checkSubject(
  expression: Expression,
  what: string,
  context: Context,
  is?: Extract<Expression, { kind: 'is' }>,
): Subject | undefined {
  if (expression.kind === 'name') {
    const meaning = context.lookup(expression.name);
    if (meaning?.kind === 'axis') {
      return meaning.axis.labels.length === 0 ? undefined : { kind: 'axis', axis: meaning.axis };
    }
  }
  const value = context.check(expression, context);
  if (isUnknown(value)) return undefined;
  if (value.type.kind === 'enum') return { kind: 'enum', value, choices: value.type.choices };
  const compared = is && comparedInstead(is, value.type);
  const help =
    compared === undefined
      ? value.type.kind === 'string'
        ? 'give its param a type: `"a" | "b"`'
        : undefined
      : `values are compared: \`${compared}\``;
  const fixes = is && compared !== undefined ? [changeTo(is.span, compared)] : [];
  const args = { what, found: showType(value.type) };
  context.report(diagnose('no-labels', expression.span, args, { help, fixes }));
  return undefined;
}

/** `a is none`, `a is 3` of a value without labels: with `==`. */
function comparedInstead(
  { of, labels, negated }: Extract<Expression, { kind: 'is' }>,
  type: Type,
): string | undefined {
  const isNone = labels.every(({ text }) => text === 'none') && type.kind === 'optional';
  const isNumber = labels.every(({ kind }) => kind === 'number') && type.kind === 'number';
  if (!(isNone || isNumber)) return undefined;
  const each = labels.map(({ text }) => `${foldedText(of.span)} ${negated ? '!=' : '=='} ${text}`);
  const joined = each.join(negated ? ' and ' : ' or ');
  return each.length > 1 ? `(${joined})` : joined;
}

function labelsOf(subject: Subject, labels: readonly Label[], context: Context): readonly string[] {
  if (subject.kind === 'axis') return checkLabels(labels, subject.axis, context);
  return labels.flatMap((label) => {
    if (subject.choices.includes(label.text)) {
      const { choices } = subject;
      context.note?.(label.span, { kind: 'choice', text: label.text, choices });
      return [label.text];
    }
    const advice = choose(label, subject.choices, '', labelText);
    context.report(diagnose('unknown-choice', label.span, { label: label.text }, advice));
    return [];
  });
}

function choicesOf(subject: Subject): readonly string[] {
  return subject.kind === 'enum' ? subject.choices : subject.axis.labels.map((l) => l.label);
}

function ofSubject(subject: Subject): { axis: string } | { value: Term } {
  return subject.kind === 'axis' ? { axis: subject.axis.name } : { value: subject.value };
}

function dimsOfSubject(subject: Subject): readonly string[] {
  return subject.kind === 'axis' ? [subject.axis.name] : subject.value.dims;
}
