import { diagnose } from '../../../base/codes.js';
import type { Diagnostic } from '../../../base/diagnostic.js';
import type { DefDeclaration } from '../../ast.js';
import type { Call, Extern, ExternParam, Term } from '../../program.js';
import { termKeys } from '../../terms/term-key.js';
import { isUnknown, unknownDim, unknownTerm } from '../../terms/terms.js';
import { asDeclared, unknownType } from '../../types/join-types.js';
import type { Type } from '../../types.js';
import {
  type Context,
  type Def,
  type Expansion,
  type Inner,
  type Meaning,
  noFacts,
  noInner,
  type StageFacts,
  type StageTable,
} from '../context.js';
import { checkType } from '../expressions/check-type.js';
import { coerce } from '../expressions/coerce.js';
import { stageTable } from '../expressions/stage-table.js';
import { checkParameters } from './check-extern.js';
import { type Body, type DefScope, openBody, reportScope } from './def-body.js';

/** Calls of defs that one program may expand to, and how deep they may lie in each other. */
const mostCalls = 10_000;
const deepest = 100;
/** Places that a message inside calls points at. */
const mostPlaces = 4;

/** How much of a program is made by calls of defs. */
export interface Expansions {
  calls: number;
  depth: number;
}

/**
 * Checks a `def` once, with parameters of which only the types are known. What depends on their
 * values is found where it is called. After a mistake its calls stay silent.
 */
export function checkDef(
  declaration: DefDeclaration,
  scope: DefScope,
  expansions: Expansions,
): Meaning {
  const { name, doc } = declaration;
  const { context } = scope;
  let failed = false;
  const report = (diagnostic: Diagnostic) => {
    failed ||= diagnostic.severity === 'error';
    context.report(diagnostic);
  };
  const own: Context = { ...context, report };
  const params = checkParameters(declaration.params, own);
  const declared = declaration.result && checkType(declaration.result, 'result', own);
  reportScope(declaration, scope, report);
  const table = stageTable();
  const body = openGeneric(declaration, scope, params, table, own);
  const term = resultOf(declaration, declared, body.check(), own);
  body.finish(failed);
  if (failed) return { kind: 'unknown' };
  const signature: Extern = {
    of: 'value',
    name: `def.${name.text}`,
    version: 1,
    params,
    result: declared ?? term.type,
    doc,
    span: name.span,
  };

  const work = table.stages.size > 0;
  const keys = termKeys();
  const values = new Map<string, Term>();
  const plain = scalars.has(signature.result.kind);

  function expand(call: Call, caller: Context): Expansion {
    if (work) return expandAnew(call, caller);
    // a value is the same for the same arguments: defs that double would else double the work
    const key = call.args
      .map(({ value }) => (plain ? keys.ofMeaning(value) : keys.ofPlace(value)))
      .join(';');
    const known = values.get(key);
    if (known) return { term: { ...known, span: call.span }, inner: noInner };
    const made = expandAnew(call, caller);
    values.set(key, made.term);
    return made;
  }

  /** What is read from outside is used, too. */
  function seen({ names, find }: Inner): Inner {
    return {
      names,
      find: (part) => {
        const symbol = body.symbols.find((other) => other.name.text === part);
        if (symbol) symbol.used = true;
        return find(part);
      },
    };
  }

  function expandAnew(call: Call, caller: Context): Expansion {
    const mistake = tooMuch(name.text, call, expansions);
    if (mistake) caller.report(mistake);
    if (expansions.calls > mostCalls || mistake) {
      return { term: unknownTerm(call.span), inner: noInner };
    }
    expansions.calls += 1;
    expansions.depth += 1;
    const inner: Context = { ...context, home: caller.home, note: undefined, report: at(call) };
    const bound = new Map(call.args.map((arg, i) => [arg.name, meaningOf(arg, params[i], caller)]));
    const opened = openBody(declaration, scope, bound, inner);
    const result = resultOf(declaration, declared, opened.check(), inner);
    expansions.depth -= 1;
    return { term: { ...result, span: call.span }, inner: seen(opened.inner) };

    /** Points at both places: the mistake in the def and the call that makes it one. */
    function at({ span }: Call): Context['report'] {
      const here = { span, message: `in this call of \`${name.text}\`` };
      return (found) => {
        const inner = found.related ?? [];
        // of calls that lie deep in each other the outermost tells most
        const related = [...inner.slice(0, mostPlaces - 1), here];
        caller.report({ ...found, related });
      };
    }
  }

  return { kind: 'def', def: { signature, work, expand } satisfies Def };
}

/** What carries no place of its parts into a plan. */
const scalars: ReadonlySet<Type['kind']> = new Set(['number', 'bool', 'string', 'enum']);

/** Opens a `def` that may have mistakes, to see what the names in it mean. */
export function peekIntoDef(declaration: DefDeclaration, scope: DefScope): Body {
  const silent: Context = { ...scope.context, report: () => {}, note: undefined };
  const params = checkParameters(declaration.params, silent);
  return openGeneric(declaration, scope, params, stageTable(), silent);
}

/** Opens the body with parameters of which only the types are known. */
function openGeneric(
  declaration: DefDeclaration,
  scope: DefScope,
  params: readonly ExternParam[],
  table: StageTable,
  context: Context,
): Body {
  const { name } = declaration;
  const placeholders = new Map(params.map((param) => [param.name, placeholder(param)]));
  const facts: StageFacts = { ...noFacts, span: name.span };
  const home = { kind: 'stages', name: name.text, when: [], dims: [], facts, table } as const;
  return openBody(declaration, scope, placeholders, { ...context, home });
}

/** The value of `return` as the declared type has it. */
function resultOf(
  { name, value }: DefDeclaration,
  declared: Type | undefined,
  term: Term,
  context: Context,
): Term {
  if (!declared) return term;
  const fitted = coerce(term, declared, value, `the result of \`${name.text}\``, context);
  return isUnknown(fitted) || declared.kind === 'unknown'
    ? fitted
    : { ...fitted, type: asDeclared(declared, fitted.type) };
}

/** A parameter of which only the type is known: it may vary over anything. */
function placeholder({ name, type, span }: ExternParam): Meaning {
  if (type.kind === 'axis' || type.kind === 'unknown') return { kind: 'unknown' };
  const base = { type, dims: [unknownDim], span };
  const term: Term =
    type.kind === 'artifact' || type.kind === 'metrics'
      ? { kind: 'stage', stage: name, ...base }
      : { kind: 'env', name, ...base };
  return { kind: 'term', term };
}

/** What a parameter's name means in a call: its argument, as the type of the parameter has it. */
function meaningOf(
  arg: Call['args'][number],
  param: ExternParam | undefined,
  caller: Context,
): Meaning {
  const { value } = arg;
  const type = param?.type ?? unknownType;
  if (isUnknown(value) || type.kind === 'unknown') return { kind: 'unknown' };
  if (type.kind !== 'axis')
    return { kind: 'term', term: { ...value, type: asDeclared(type, value.type) } };
  const axis = value.kind === 'literal' ? caller.axes.get(String(value.value)) : undefined;
  return axis ? { kind: 'axis', axis } : { kind: 'unknown' };
}

/** Why a call is not expanded; said once where there are too many. */
function tooMuch(name: string, { span }: Call, made: Expansions): Diagnostic | undefined {
  if (made.calls === mostCalls) {
    made.calls += 1;
    return diagnose('def-too-large', span, { name, most: mostCalls });
  }
  if (made.depth < deepest) return undefined;
  const help = 'calls of `def`s lie in each other; give parts names of their own';
  return diagnose('too-deep', span, { limit: deepest }, { help });
}
