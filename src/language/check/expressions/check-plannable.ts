import { diagnose } from '../../../base/codes.js';
import type { Span } from '../../../base/source.js';
import type { Term } from '../../program.js';
import { childrenOf } from '../../terms/terms.js';
import type { Context } from '../context.js';

/**
 * A stage's argument may be a result or one of its metrics, but nothing computed from results, and
 * no stage's time: those are known only when a run is over.
 */
export function checkPlannable(term: Term, span: Span, what: string, context: Context): void {
  const found = lateReason(term);
  if (found !== undefined) context.report(diagnose('late-value', span, { what, found }));
}

const knownReasons = new WeakMap<Term, { readonly reason: string | undefined }>();

/** Why a term is known only after the run, if it is. */
function lateReason(term: Term): string | undefined {
  const known = knownReasons.get(term);
  if (known) return known.reason;
  const reason = findReason(term);
  knownReasons.set(term, { reason });
  return reason;
}

function findReason(term: Term): string | undefined {
  if (asksForOne(term)) return undefined;
  if (term.kind === 'reduce' && childrenOf(term).some(readsStage)) {
    return `\`${term.operator}\` over results`;
  }
  if (term.kind === 'member' && isTime(term)) return "a stage's `time`";
  if (term.kind === 'binary' || term.kind === 'unary') {
    if (childrenOf(term).some(readsStage)) return 'a calculation with results';
  }
  if (term.kind === 'if' && readsStage(term.condition)) return 'a choice by results';
  for (const child of childrenOf(term)) {
    const reason = lateReason(child);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

const knownReading = new WeakMap<Term, boolean>();

/** Does the value come from a stage's result? */
export function readsStage(term: Term): boolean {
  if (term.kind === 'stage') return true;
  if (term.kind === 'axis') return term.type.kind === 'artifact' || term.type.kind === 'metrics';
  if (asksForOne(term)) return false;
  const known = knownReading.get(term);
  if (known !== undefined) return known;
  const reads = childrenOf(term).some(readsStage);
  knownReading.set(term, reads);
  return reads;
}

/** Is it asked whether there is a stage (`encoder == none`)? That is known without its result. */
function asksForOne(term: Term): boolean {
  if (term.kind !== 'binary' || (term.operator !== '==' && term.operator !== '!=')) return false;
  const { left, right } = term;
  const other = right.type.kind === 'none' ? left : left.type.kind === 'none' ? right : undefined;
  const type = other?.type.kind === 'optional' ? other.type.of : other?.type;
  return type?.kind === 'artifact' || type?.kind === 'metrics';
}

function isTime(term: Extract<Term, { kind: 'member' }>): boolean {
  const type = term.of.type;
  return (
    type.kind === 'artifact' || (type.kind === 'metrics' && !Object.hasOwn(type.fields, term.name))
  );
}
