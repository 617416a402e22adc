import type { Diagnostic, Report } from '../../base/diagnostic.js';
import type { Span } from '../../base/source.js';
import type { Expression, Name, StageKeyword } from '../ast.js';
import type { Axis, Call, Extern, ExternParam, GuardedCall, Resources, Term } from '../program.js';
import type { Type } from '../types.js';
import type { DeclaredName } from './declared-names.js';
import type { Present } from './narrow.js';
import type { Note } from './occurrence.js';
import type { StageTable } from './stage-table.js';

/** What a name stands for, once its declaration is checked. */
export type Meaning =
  /** A param, a let, a pure transform or a stage: use the term as it is. */
  | { readonly kind: 'term'; readonly term: Term }
  | { readonly kind: 'stage'; readonly term: Term; readonly inner: Inner }
  | { readonly kind: 'axis'; readonly axis: CheckedAxis }
  | { readonly kind: 'extern'; readonly extern: Extern }
  | { readonly kind: 'def'; readonly def: Def }
  | { readonly kind: 'prelude'; readonly name: string }
  | { readonly kind: 'report' }
  | { readonly kind: 'unknown' };

/** The stages inside a stage, which stand behind its name: `q.encoder` of a call of a `def`. */
export interface Inner {
  readonly names: () => readonly string[];
  /** What a name means there, and the name as it is declared; checks it if need be. */
  readonly find: (
    name: string,
  ) => { readonly meaning: Meaning; readonly symbol: DeclaredName | undefined } | undefined;
}

/** What a call of a `def` stands for, and the stages that its body declares. */
export interface Expansion {
  readonly term: Term;
  readonly inner: Inner;
}

/** Of what holds no stages. */
export const noInner: Inner = { names: () => [], find: () => undefined };

/** A `def`: its parameters, and what a call of it stands for. */
export interface Def {
  /** Its parameters and result, as those of a declared value. */
  readonly signature: Extern;
  /** Does it hold stages? Then its calls stand where stages can stand. */
  readonly work: boolean;
  /** What a call means where it stands: its stages go to the home there. */
  readonly expand: (call: Call, context: Context) => Expansion;
}

/** An axis with what checking its uses needs. */
export interface CheckedAxis extends Axis {
  /** Of its values taken together. */
  readonly type: Type;
  /** Its own name and the axes that its values use, sorted. */
  readonly dims: readonly string[];
  /** For each label the call that it stands for, if it is one. */
  readonly calls: readonly (Call | undefined)[];
  /** The stages inside those that make its values. */
  readonly inner: Inner;
}

/** What a declared stage says about itself. */
export interface StageFacts {
  readonly keyword: StageKeyword | undefined;
  readonly where: Term | undefined;
  /** The `where` of calls of defs around it: each holds where the stage varies over its axes. */
  readonly outer: readonly Term[];
  readonly resources: Resources;
  readonly doc: string | undefined;
  /** None for a stage inside an argument: its call is its place. */
  readonly span: Span | undefined;
}

/** Where the stage of a call that is written here belongs. */
export type Home =
  | {
      readonly kind: 'stages';
      /** The name that the stage gets: `encoder`, `transfer.on`, `pairs`. */
      readonly name: string;
      readonly when: GuardedCall['when'];
      /** Dimensions that it has beside those of its arguments: all of its axis's. */
      readonly dims: readonly string[];
      readonly facts: StageFacts;
      readonly table: StageTable;
    }
  /** No stage can stand here; `what` says where that is: "a `let`". */
  | { readonly kind: 'none'; readonly what: string };

/** What checking an expression needs to know. */
export interface Context {
  readonly report: Report;
  /** Told what words stand for, where an editor wants to know. */
  readonly note?: Note | undefined;
  readonly home: Home;
  /** The parameter whose argument is fitted to its type, for what is said where it does not fit. */
  readonly param?: Pick<ExternParam, 'name' | 'doc'>;
  readonly axes: ReadonlyMap<string, CheckedAxis>;
  /** What a condition around the expression tells. */
  readonly present?: Present | undefined;
  /** Checks the declaration of a name if need be; undefined when there is none. */
  readonly lookup: (name: Name) => Meaning | undefined;
  /** Is it declared in the file, but not seen in the `def` that is checked? */
  readonly isHidden?: (name: Name) => boolean;
  /** Says that a name is not declared; `as` where there is more to say. */
  readonly reportUnknown: (name: Name, report: Report, as?: Diagnostic) => void;
  /** The word that declares a name: `evaluate`, `let` …; none where nothing does. */
  readonly wordOf: (name: Name) => string | undefined;
  /** Checks an expression inside this one. */
  readonly check: (expression: Expression, context: Context) => Term;
}

/** What a stage inside an argument says about itself: nothing. */
export const noFacts: StageFacts = {
  keyword: undefined,
  where: undefined,
  outer: [],
  resources: {},
  doc: undefined,
  span: undefined,
};

/** Expressions that hold no call, so that no stage can stand in them. */
const plain: ReadonlySet<Expression['kind']> = new Set([
  'name',
  'number',
  'string',
  'bool',
  'none',
]);

/** The same place, for a part of it: `transfer` becomes `transfer.on`. */
export function inside(context: Context, part: string, of?: Expression): Context {
  const home = context.home;
  if (home.kind === 'none' || (of && plain.has(of.kind))) return context;
  return { ...context, home: { ...home, name: `${home.name}.${part}`, facts: noFacts } };
}

/** A context whose diagnostics are kept apart. */
export function apart(context: Context): { context: Context; found: readonly Diagnostic[] } {
  const found: Diagnostic[] = [];
  return { context: { ...context, report: (diagnostic) => found.push(diagnostic) }, found };
}
