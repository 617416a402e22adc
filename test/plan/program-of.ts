import type { Json } from '../../src/base/canonical.js';
import type { Span } from '../../src/base/source.js';
import type { StageKeyword } from '../../src/language/ast.js';
import type {
  Axis,
  Call,
  Expect,
  Extern,
  Program,
  Reference,
  Report,
  Resources,
  Stage,
  Term,
} from '../../src/language/program.js';
import type { Type, Unit } from '../../src/language/types.js';

/** Programs by hand: every span is a line of one file, counted by the builder. */
export const file = {
  path: 'lab/test.ssp',
  text: Array.from({ length: 200 }, () => 'x').join('\n'),
};

/** The span of a line (from 1). */
export const line = (n: number): Span => ({ file, start: (n - 1) * 2, end: (n - 1) * 2 + 1 });

const base = (type: Type, dims: readonly string[] = [], at = 1) => ({
  type,
  dims: [...new Set(dims)].sort(),
  span: line(at),
});
export const numberType = (unit: Unit = 'Float'): Type => ({ kind: 'number', unit });
const unionOf = (terms: readonly Term[]) => terms.flatMap((t) => t.dims);

export const num = (value: number, unit: Unit = 'Float', at = 1): Term => ({
  ...base(numberType(unit), [], at),
  kind: 'literal',
  value,
});
export const literal = (value: Json, type: Type = { kind: 'string' }): Term => ({
  ...base(type),
  kind: 'literal',
  value,
});
export const env = (name: string): Term => ({ ...base({ kind: 'string' }), kind: 'env', name });
export const fileTerm = (path: Term, folder = false): Term => ({
  ...base(folder ? { kind: 'folder' } : { kind: 'path' }, path.dims),
  kind: 'file',
  path,
  folder,
});
/** An axis's value; `inner` are axes that its values use. */
export const at = (axis: string, inner: readonly string[] = [], type = numberType()): Term => ({
  ...base(type, [axis, ...inner]),
  kind: 'axis',
  axis,
});
export const from = (stage: Stage): Term => ({
  ...base(stage.type, stage.dims),
  kind: 'stage',
  stage: stage.name,
});
export const field = (of: Term, name: string, unit: Unit = 'Fraction'): Term => ({
  ...base(numberType(unit), of.dims),
  kind: 'member',
  of,
  name,
});
export const describe = (name: string, args: Readonly<Record<string, Term>>, line = 1): Term => ({
  ...base({ kind: 'description', name: 'Method' }, unionOf(Object.values(args))),
  kind: 'describe',
  call: callOf(externOf(name, { kind: 'description', name: 'Method' }), args, line),
});
export const binary = (
  left: Term,
  operator: Extract<Term, { kind: 'binary' }>['operator'],
  right: Term,
  type: Type = left.type,
): Term => ({ ...base(type, unionOf([left, right])), kind: 'binary', operator, left, right });
export const is = (axis: string, labels: readonly string[], negated = false): Term => ({
  ...base({ kind: 'bool' }, [axis]),
  kind: 'is',
  of: { axis },
  labels,
  negated,
});
export const slice = (of: Term, axis: string, labels: readonly string[], set = false): Term => ({
  ...base(of.type, set ? of.dims : of.dims.filter((d) => d !== axis)),
  kind: 'slice',
  of,
  axis,
  labels,
  set,
});
export const list = (items: readonly Term[]): Term => ({
  ...base({ kind: 'list', of: numberType() }, unionOf(items)),
  kind: 'list',
  items,
});
export const record = (fields: Readonly<Record<string, Term>>): Term => ({
  ...base({ kind: 'record', fields: {} }, unionOf(Object.values(fields))),
  kind: 'record',
  fields: Object.entries(fields).map(([name, value]) => ({ name, value })),
});

export const axis = (name: string, labels: Readonly<Record<string, Term>>): Axis => ({
  name,
  doc: undefined,
  labels: Object.entries(labels).map(([label, value]) => ({ label, value, span: value.span })),
  span: line(1),
});

export const externOf = (name: string, result: Type, version = 1): Extern => ({
  of: 'stage',
  name,
  version,
  params: [],
  result,
  doc: undefined,
  span: line(1),
});
const callOf = (extern: Extern, args: Readonly<Record<string, Term>>, at: number): Call => ({
  extern,
  args: Object.entries(args).map(([name, value], i) => ({
    name,
    value,
    span: line(at + i),
    filled: false,
  })),
  span: line(at),
});

const results: Readonly<Record<string, Type>> = {
  Images: { kind: 'artifact', name: 'Images' },
  Pairs: { kind: 'artifact', name: 'Pairs' },
  Encoder: { kind: 'artifact', name: 'Encoder' },
  Files: { kind: 'artifact', name: 'Files' },
  Metrics: { kind: 'metrics', fields: { top1: numberType('Fraction') } },
};

/** A declared stage at a line; its arguments stand on that line and those after it. */
export function stage(
  name: string,
  result: 'Images' | 'Pairs' | 'Encoder' | 'Files' | 'Metrics',
  args: Readonly<Record<string, Term>>,
  more: {
    readonly line?: number;
    readonly extern?: string;
    readonly version?: number;
    readonly where?: Term;
    readonly keyword?: StageKeyword | undefined;
    readonly resources?: Resources;
  } = {},
): Stage {
  const type = results[result] as Type;
  const extern = externOf(more.extern ?? `test.${result.toLowerCase()}`, type, more.version ?? 1);
  return {
    name,
    keyword: 'keyword' in more ? more.keyword : 'train',
    type,
    dims: [...new Set(unionOf(Object.values(args)))].sort(),
    calls: [{ when: [], call: callOf(extern, args, more.line ?? 1) }],
    where: more.where,
    resources: more.resources ?? {},
    doc: undefined,
    span: line(more.line ?? 1),
  };
}

/** The stage that makes the values of an axis: one call for each label. */
export function axisStage(
  name: string,
  result: 'Images' | 'Pairs',
  calls: Readonly<Record<string, Readonly<Record<string, Term>>>>,
): Stage {
  const type = results[result] as Type;
  const inner = Object.values(calls).flatMap((args) => unionOf(Object.values(args)));
  return {
    ...stage(name, result, {}, { keyword: undefined }),
    dims: [...new Set([name, ...inner])].sort(),
    calls: Object.entries(calls).map(([label, args]) => ({
      when: [{ axis: name, label }],
      call: callOf(externOf(`test.${label}`, type), args, 1),
    })),
  };
}

export const table = (
  name: string,
  values: Readonly<Record<string, Term>>,
  axes: { rows?: readonly string[]; columns?: readonly string[]; over?: readonly string[] },
): Report => ({
  name,
  kind: 'table',
  values: Object.entries(values).map(([n, value]) => ({ name: n, value })),
  rows: axes.rows ?? [],
  columns: axes.columns ?? [],
  over: axes.over ?? [],
  doc: undefined,
  span: line(1),
});

export const expectThat = (text: string, condition: Term): Expect => ({
  condition,
  text,
  doc: undefined,
  span: line(1),
});

export function program(parts: {
  readonly axes?: readonly Axis[];
  readonly stages?: readonly Stage[];
  readonly reports?: readonly Report[];
  readonly expects?: readonly Expect[];
  readonly references?: readonly Reference[];
}): Program {
  return {
    file,
    doc: undefined,
    params: [],
    axes: parts.axes ?? [],
    stages: parts.stages ?? [],
    reports: parts.reports ?? [],
    expects: parts.expects ?? [],
    references: parts.references ?? [],
  };
}
