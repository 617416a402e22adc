import type { Diagnostic, Report } from '../../base/diagnostic.js';
import type { Span } from '../../base/source.js';
import type { Declaration, Expression, Name, StageKeyword } from '../ast.js';
import type {
  Axis,
  AxisLabel,
  Call,
  Extern,
  ExternParam,
  GuardedCall,
  Resources,
  Stage,
  Term,
} from '../program.js';
import type { Type } from '../types.js';

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

/** A declared name. */
export interface DeclaredName {
  readonly name: Name;
  /** `axis`, `param`, `dataset` …: the word before it. */
  readonly word: string;
  readonly declaration: Declaration;
  /** For an import: the name in its module. */
  readonly imported: Name | undefined;
  meaning: Meaning | undefined;
  /** For an import: what it takes, in its own file. */
  origin?: DeclaredName | undefined;
  used: boolean;
  /** It is a module of the library, which nobody can take whole: that is the mistake. */
  isModule?: boolean;
  /** It needs itself: its meaning is unknown. */
  inCycle?: boolean;
}

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

/** The stages found so far, by name. */
export interface StageTable {
  readonly stages: Map<string, Stage>;
  /** The stages that embed images, by which encoder and which images. */
  readonly features: Map<string, string>;
  /** The same for terms that mean the same. */
  readonly keyOf: (terms: readonly Term[]) => string;
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

/**
 * The values that are not `none` where an expression stands, since a condition around it says so, as
 * they are written. True for those that were tested at another point: a slice or a reduction stands
 * between, so that it tells only of what does not vary.
 */
export type Present = ReadonlyMap<string, boolean>;

/** What a word of the text turned out to stand for, for editors. */
export type Target =
  | { readonly kind: 'name'; readonly symbol: DeclaredName }
  | { readonly kind: 'prelude'; readonly name: string }
  /** The axis that `keep` of trainings makes. */
  | { readonly kind: 'kept'; readonly axis: CheckedAxis }
  /** The name of an argument. */
  | { readonly kind: 'parameter'; readonly extern: Extern; readonly param: ExternParam }
  /** A label in a slice, after `is` or in a `match`. */
  | { readonly kind: 'label'; readonly axis: CheckedAxis; readonly label: AxisLabel }
  /** One of the texts of an enum, after `is` or in a `match`. */
  | { readonly kind: 'choice'; readonly text: string; readonly choices: readonly string[] }
  | { readonly kind: 'field'; readonly of: Type; readonly name: string; readonly type: Type };

/** Called for each word that checking understands; perhaps more than once for the same one. */
export type Note = (use: Span, target: Target) => void;

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
  /** The same without what a `where` says, which is of its own stage alone. */
  readonly outsideWhere?: { readonly present: Present | undefined };
  /** Checks the declaration of a name if need be; undefined when there is none. */
  readonly lookup: (name: Name) => Meaning | undefined;
  /** Is it declared in the file, but not seen in the `def` that is checked? */
  readonly isHidden?: (name: Name) => boolean;
  /** Says that a name is not declared; `as` where there is more to say. */
  readonly reportUnknown: (name: Name, report: Report, as?: Diagnostic) => void;
  /** The word that declares a name: `evaluate`, `let` …; none where nothing does. */
  readonly wordOf: (name: Name) => string | undefined;
  /** Enters epochs whose encoders a training keeps, into the axis `at`; says where it cannot be. */
  readonly keepAt: (epochs: readonly number[], span: Span) => void;
  /** The stage of the library that makes an encoder's features of images. */
  readonly embed: () => Extern;
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
