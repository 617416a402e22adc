import type { SourceFile, Span } from '../base/source.js';

/** A word in the source and where it stands. */
export interface Name {
  readonly text: string;
  readonly span: Span;
}

/** `as "Semantic pairs"`: what readers see instead of a name or a label; the span has `as`. */
export type DisplayName = Name;

/** One parsed file: declarations in source order. Nothing is resolved or checked here. */
export interface Module {
  readonly file: SourceFile;
  /** The `///` text before the first `import` (Markdown). */
  readonly doc: string | undefined;
  readonly declarations: readonly Declaration[];
}

interface Node {
  readonly span: Span;
}

/** What every declaration has. */
interface Declared extends Node {
  /** The `///` text before it (Markdown), without slashes. */
  readonly doc: string | undefined;
  readonly annotations: readonly Annotation[];
}

export interface Annotation extends Node {
  readonly name: Name;
  readonly args: readonly Argument[];
}

export type Declaration =
  | ImportDeclaration
  | ParamDeclaration
  | LetDeclaration
  | AxisDeclaration
  | StageDeclaration
  | ReportDeclaration
  | ExpectDeclaration
  | ReferenceDeclaration
  | DefDeclaration
  | ExternDeclaration
  | BrokenDeclaration;

/** `import std.ssl.{simclr, byol as b}`, `import std.views.simclr_views`, `import "./v.ssp".{strong}`. */
export interface ImportDeclaration extends Declared {
  readonly kind: 'import';
  /** `std.ssl` as words, or the text of a file or package path. */
  readonly from:
    | { readonly kind: 'library'; readonly path: readonly Name[] }
    | { readonly kind: 'file'; readonly path: string; readonly span: Span };
  readonly names: readonly { readonly name: Name; readonly as: Name | undefined }[];
  /** The `.*` behind it, which other languages have for all names: a mistake here. */
  readonly star?: Span;
}

export interface ParamDeclaration extends Declared {
  readonly kind: 'param';
  readonly name: Name;
  readonly type: TypeNode | undefined;
  readonly value: Expression | undefined;
}

export interface LetDeclaration extends Declared {
  readonly kind: 'let';
  readonly name: Name;
  readonly value: Expression;
}

export interface AxisDeclaration extends Declared {
  readonly kind: 'axis';
  readonly name: Name;
  readonly shown: DisplayName | undefined;
  readonly values: Expression;
}

export type StageKeyword = 'dataset' | 'transform' | 'train' | 'evaluate';

/** `train encoder = pretrain(…) where …`; a `transform` may also name a pure description. */
export interface StageDeclaration extends Declared {
  readonly kind: 'stage';
  readonly keyword: StageKeyword;
  readonly name: Name;
  readonly value: Expression;
  readonly where: Expression | undefined;
}

export interface ReportDeclaration extends Declared {
  readonly kind: 'report';
  readonly name: Name;
  readonly shown: DisplayName | undefined;
  readonly value: Expression;
}

export interface ExpectDeclaration extends Declared {
  readonly kind: 'expect';
  readonly condition: Expression;
}

export interface ReferenceDeclaration extends Declared {
  readonly kind: 'reference';
  readonly source: string;
  readonly entries: readonly (Node & {
    readonly target: Expression;
    readonly value: Expression;
  })[];
}

export interface Parameter extends Node {
  readonly name: Name;
  readonly type: TypeNode | undefined;
  readonly value: Expression | undefined;
  readonly doc: string | undefined;
}

/** `def name(a: T) -> T { let … dataset … return expr }`. */
export interface DefDeclaration extends Declared {
  readonly kind: 'def';
  readonly name: Name;
  readonly params: readonly Parameter[];
  readonly result: TypeNode | undefined;
  readonly body: readonly (LetDeclaration | StageDeclaration)[];
  readonly value: Expression;
}

/** `extern value simclr(…) -> Method`, `extern stage mine(…) -> T from "./x.mjs"` or `command "…" reads: […]`. */
export interface ExternDeclaration extends Declared {
  readonly kind: 'extern';
  readonly of: 'value' | 'stage';
  readonly name: Name;
  readonly params: readonly Parameter[];
  readonly result: TypeNode;
  readonly from: { readonly path: string; readonly span: Span } | undefined;
  readonly command: { readonly text: string; readonly span: Span } | undefined;
  readonly reads: Expression | undefined;
}

/** A declaration with a syntax error: its name stays declared with an unknown type. */
export interface BrokenDeclaration extends Declared {
  readonly kind: 'broken';
  readonly name: Name | undefined;
  /** It declares a name that cannot be read. */
  readonly nameless: boolean;
}

/** `Int(1..)`, `Range[Float](0.0..1.0)`, `List[T]`, `{a: T}`, `"a" | "b"`, `T?`, `Metrics{top1: Fraction}`. */
export type TypeNode = Node &
  (
    | {
        readonly kind: 'named';
        readonly name: Name;
        readonly args: readonly TypeNode[];
        /** Both ends are included; either may be missing. */
        readonly refinement:
          | { readonly low: Expression | undefined; readonly high: Expression | undefined }
          | undefined;
        /** For `Metrics{…}`. */
        readonly fields: readonly FieldNode[] | undefined;
      }
    | { readonly kind: 'record'; readonly fields: readonly FieldNode[] }
    | { readonly kind: 'enum'; readonly choices: readonly { text: string; span: Span }[] }
    | { readonly kind: 'optional'; readonly of: TypeNode }
  );

export interface FieldNode {
  readonly name: Name;
  readonly type: TypeNode;
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '<'
  | '<='
  | '>'
  | '>='
  | '=='
  | '!='
  | 'and'
  | 'or';

export type Expression = Node &
  (
    | {
        readonly kind: 'number';
        readonly value: number;
        /** As written, without `_` and the unit. */
        readonly digits: string;
        /** `%`, `px`, `min` … as written, or none. */
        readonly unit: string | undefined;
        /** Written with a point or an exponent: a Float, else an Int. */
        readonly decimal: boolean;
      }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'bool'; readonly value: boolean }
    | { readonly kind: 'none' }
    | { readonly kind: 'name'; readonly name: Name }
    | {
        readonly kind: 'list';
        readonly items: readonly Expression[];
        /** For each item. */
        readonly shown: readonly (DisplayName | undefined)[];
      }
    | { readonly kind: 'record'; readonly entries: readonly RecordEntry[] }
    | { readonly kind: 'range'; readonly low: Expression; readonly high: Expression }
    | { readonly kind: 'member'; readonly of: Expression; readonly name: Name }
    | { readonly kind: 'call'; readonly callee: Expression; readonly args: readonly Argument[] }
    /** `of with {grayscale: 0%}`: a description with some arguments changed. */
    | { readonly kind: 'with'; readonly of: Expression; readonly changes: readonly Argument[] }
    | { readonly kind: 'slice'; readonly of: Expression; readonly items: readonly SliceItem[] }
    | { readonly kind: 'unary'; readonly operator: '-' | 'not'; readonly of: Expression }
    | {
        readonly kind: 'binary';
        readonly operator: BinaryOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    /** `of ?? otherwise`: the other where it is `none`. */
    | { readonly kind: 'default'; readonly of: Expression; readonly otherwise: Expression }
    | {
        readonly kind: 'is';
        readonly of: Expression;
        readonly labels: readonly Label[];
        readonly negated: boolean;
      }
    | {
        readonly kind: 'if';
        readonly condition: Expression;
        readonly then: Expression;
        readonly else: Expression;
      }
    | {
        readonly kind: 'match';
        readonly subject: Expression;
        readonly arms: readonly MatchArm[];
      }
  );

export type CallExpression = Extract<Expression, { kind: 'call' }>;

export interface RecordEntry extends Node {
  readonly key: Name;
  /** For a bare name, the name itself. */
  readonly value: Expression;
  readonly shorthand: boolean;
  readonly shown: DisplayName | undefined;
  readonly doc: string | undefined;
}

/** `value`, `name: value`, or after the first named one a bare `name`, short for `name: name`. */
export interface Argument extends Node {
  readonly name: Name | undefined;
  readonly value: Expression;
  readonly shorthand: boolean;
}

/** `pairs: sp` (fixes the axis) or `pairs: {sp, ap}` (narrows it: `set`). */
export interface SliceItem extends Node {
  readonly axis: Name;
  readonly labels: readonly Label[];
  readonly set: boolean;
}

export interface MatchArm extends Node {
  /** Empty for `else`. */
  readonly labels: readonly Label[];
  readonly value: Expression;
}

/** A label as written: compared with an axis's labels by canonical text, numbers by value. */
export interface Label extends Node {
  readonly kind: 'word' | 'number' | 'range' | 'call' | 'quoted';
  /** The text as written, white space folded; a quoted label without its quotes. */
  readonly text: string;
  /** The parsed expression, for numbers, ranges and calls. */
  readonly value: Expression | undefined;
}
