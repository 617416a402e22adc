import type { Call, GuardedCall, Stage, Term } from '../../program.js';
import { termKeys } from '../../terms/term-key.js';
import { dimsOf, unionDims } from '../../terms/terms.js';
import { joinTypes, unknownType } from '../../types/join-types.js';
import type { Home, StageTable } from '../context.js';
import { resultOf } from './images-facts.js';
import { encodersAt } from './kept-epochs.js';

export function stageTable(): StageTable {
  const keys = termKeys();
  const keyOf = (terms: readonly Term[]) => terms.map(keys.ofMeaning).join();
  return { stages: new Map(), features: new Map(), keyOf };
}

/**
 * Enters a call as a stage of its home and gives the term for its result. Calls for different
 * labels of an axis share one stage; a second call in the same place gets a number: `all.on2`. A training
 * that keeps encoders stands for all of them.
 */
export function addStage(home: Extract<Home, { kind: 'stages' }>, call: Call): Term {
  const { stages } = home.table;
  let name = home.name;
  for (let i = 2; !isFree(stages.get(name), home.when); i++) name = `${home.name}${i}`;
  const known = stages.get(name);
  const { outer, ...facts } = home.facts;
  const dims = unionDims(
    known?.dims ?? [],
    home.dims,
    dimsOf(call.args.map((arg) => arg.value)),
    facts.where?.dims ?? [],
  );
  const around = outer.filter((where) => where.dims.every((dim) => dims.includes(dim)));
  const guarded: GuardedCall = { when: home.when, call };
  const result = resultOf(call);
  const type = known ? (joinTypes(known.type, result) ?? unknownType) : result;
  stages.set(name, {
    ...facts,
    where: around.reduce(both, facts.where),
    span: home.facts.span ?? call.span,
    name,
    type,
    dims,
    calls: [...(known?.calls ?? []), guarded],
  });
  const term = { kind: 'stage', stage: name, type: result, dims, span: call.span } as const;
  const { keep } = call;
  return keep ? encodersAt(term, { ...call, keep }, home) : term;
}

/** The points that two conditions keep. */
function both(left: Term | undefined, right: Term): Term {
  if (left === undefined) return right;
  const { type, span } = right;
  return { kind: 'binary', operator: 'and', left, right, type, dims: dimsOf([left, right]), span };
}

/** Can the stage take a call under these labels: does no call stand for the same labels yet? */
function isFree(stage: Stage | undefined, when: GuardedCall['when']): boolean {
  if (stage === undefined) return true;
  const text = (guard: GuardedCall['when']) => guard.map((g) => `${g.axis}=${g.label}`).join();
  return stage.calls.every((call) => call.when.length > 0 && text(call.when) !== text(when));
}
