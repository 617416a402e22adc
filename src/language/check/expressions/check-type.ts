import { diagnose } from '../../../base/codes.js';
import type { Advice } from '../../../base/diagnostic.js';
import { changeTo } from '../../../base/fix.js';
import { own } from '../../../base/own.js';
import type { Expression, FieldNode, Name, TypeNode } from '../../ast.js';
import { evaluate } from '../../terms/evaluate.js';
import { numberIn, unknownType } from '../../types/join-types.js';
import type { ImagesFacts, ImagesPart, Type, Unit } from '../../types.js';
import { choose } from '../advice/choose.js';
import type { Context } from '../context.js';
import { coerce } from './coerce.js';

const units: readonly Unit[] = ['Int', 'Float', 'Fraction', 'Pixels', 'Angle', 'Duration', 'Bytes'];

const plain: Readonly<Record<string, Type>> = {
  Bool: { kind: 'bool' },
  String: { kind: 'string' },
  Path: { kind: 'path' },
  Folder: { kind: 'folder' },
  Axis: { kind: 'axis' },
  Report: { kind: 'report' },
  Views: { kind: 'description', name: 'Views' },
  Backbone: { kind: 'description', name: 'Backbone' },
  Method: { kind: 'description', name: 'Method' },
  Optimizer: { kind: 'description', name: 'Optimizer' },
  Schedule: { kind: 'description', name: 'Schedule' },
  Epochs: { kind: 'description', name: 'Epochs' },
  Change: { kind: 'description', name: 'Change' },
  Images: { kind: 'artifact', name: 'Images' },
  Pairs: { kind: 'artifact', name: 'Pairs' },
  Encoder: { kind: 'artifact', name: 'Encoder' },
  Features: { kind: 'artifact', name: 'Features' },
  Files: { kind: 'artifact', name: 'Files' },
};

/** The names of all types. */
export const typeNames = [
  ...units,
  ...Object.keys(plain),
  'Range',
  'List',
  'Metrics',
  'Attribute',
  'Split',
];

/**
 * The type that is written. In a parameter a Fraction without bounds is 0 % to 100 %; among
 * results it is unbounded.
 */
export function checkType(node: TypeNode, place: 'parameter' | 'result', context: Context): Type {
  switch (node.kind) {
    case 'optional':
      return { kind: 'optional', of: checkType(node.of, place, context) };
    case 'enum':
      return { kind: 'enum', choices: [...new Set(node.choices.map((choice) => choice.text))] };
    case 'record':
      return { kind: 'record', fields: fieldTypes(node.fields, place, context) };
    case 'named':
      return checkNamed(node, place, context);
  }
}

function checkNamed(
  node: Extract<TypeNode, { kind: 'named' }>,
  place: 'parameter' | 'result',
  context: Context,
): Type {
  const name = node.name.text;
  const wrong = (expected: string): Type => {
    context.report(diagnose('type-form', node.span, { name, expected }));
    return unknownType;
  };
  if (name === 'Range' || name === 'List') {
    const [of] = node.args;
    if (!of || node.args.length > 1 || node.fields) return wrong(`\`${name}[Float]\``);
    const inner = checkType(of, place, context);
    if (name === 'Range' && inner.kind !== 'number' && inner.kind !== 'unknown') {
      return wrong('a number type, as in `Range[Float]`');
    }
    return { kind: name === 'Range' ? 'range' : 'list', of: refined(inner, node, context) };
  }
  if (name === 'Attribute' || name === 'Split') {
    const of = parameterIn(node);
    if (of === undefined || place === 'result') {
      return wrong(`\`${name}[on]\` in a parameter, \`on\` being one that takes Images or Pairs`);
    }
    const part = name === 'Attribute' ? 'attributes' : 'splits';
    return { kind: 'string', names: { part, of } };
  }
  if (name === 'Features' && node.args.length > 0) {
    const of = parameterIn(node);
    if (of !== undefined && place === 'parameter') return { kind: 'artifact', name, of };
    return wrong('`Features[on]` in a parameter, `on` being one that takes Images');
  }
  if (node.args.length > 0) return wrong(`\`${name}\` alone`);
  if (name === 'Metrics') {
    if (node.refinement || !node.fields) return wrong('`Metrics{top1: Fraction}`');
    return { kind: 'metrics', fields: metricTypes(node.fields, context) };
  }
  if (name === 'Images' && node.fields && place === 'result' && !node.refinement) {
    const facts = factsOf(node.fields);
    if (facts) return { kind: 'artifact', name, facts };
    return wrong('`Images{attributes: "class" | "group", splits: "train" | "test"}`');
  }
  if (node.fields) return wrong(`\`${name}\` alone`);
  const unit = units.find((u) => u === name);
  if (unit) {
    const type: Type = { kind: 'number', unit };
    if (node.refinement) return refined(type, node, context);
    return unit === 'Fraction' && place === 'parameter' ? { ...type, low: 0, high: 1 } : type;
  }
  const known = Object.hasOwn(plain, name) ? plain[name] : undefined;
  if (known) return node.refinement ? wrong(`\`${name}\` without bounds`) : known;
  const advice = typeAdvice(node.name);
  context.report(diagnose('unknown-type', node.name.span, { name }, advice));
  return unknownType;
}

/** The name of a parameter that stands alone in the brackets of a type: `on` of `Split[on]`. */
function parameterIn({ args, fields }: Extract<TypeNode, { kind: 'named' }>): string | undefined {
  const [of] = args;
  const alone = of?.kind === 'named' && of.args.length === 0 && !of.fields && !of.refinement;
  return alone && args.length === 1 && !fields ? of.name.text : undefined;
}

/** Attributes and splits as they are declared: texts, or the name of a parameter that has them. */
function factsOf(fields: readonly FieldNode[]): ImagesFacts | undefined {
  const facts: Partial<Record<ImagesPart, readonly string[] | { readonly of: string }>> = {};
  for (const { name, type } of fields) {
    const part = name.text;
    if (part !== 'attributes' && part !== 'splits') return undefined;
    if (type.kind === 'enum') facts[part] = [...new Set(type.choices.map(({ text }) => text))];
    else if (type.kind === 'named' && !type.fields && !type.refinement && type.args.length === 0)
      facts[part] = { of: type.name.text };
    else return undefined;
  }
  return facts;
}

/** What types are called elsewhere. */
const otherTypes: Readonly<Record<string, string>> = {
  Integer: 'Int',
  integer: 'Int',
  Number: 'Float',
  number: 'Float',
  Double: 'Float',
  double: 'Float',
  str: 'String',
  text: 'String',
  Boolean: 'Bool',
  boolean: 'Bool',
  Array: 'List',
  Percent: 'Fraction',
};

function typeAdvice(name: Name): Advice {
  const known = Object.hasOwn(otherTypes, name.text) ? otherTypes[name.text] : undefined;
  if (known === undefined) return choose(name, typeNames);
  return { help: `write \`${known}\``, fixes: [changeTo(name.span, known)] };
}

/** A number type with the bounds that are written. */
function refined(type: Type, node: Extract<TypeNode, { kind: 'named' }>, context: Context): Type {
  if (!node.refinement || type.kind !== 'number') return type;
  const bound = (expression: Expression | undefined) => {
    if (!expression) return undefined;
    const base: Type = { kind: 'number', unit: type.unit };
    const term = coerce(context.check(expression, context), base, expression, 'a bound', context);
    const value = evaluate(term, {}, context.axes);
    return typeof value === 'number' ? value : undefined;
  };
  const [low, high] = [bound(node.refinement.low), bound(node.refinement.high)];
  return {
    kind: 'number',
    unit: type.unit,
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
  };
}

/** Metrics are numbers; one with `?` may have no value. */
function metricTypes(
  fields: readonly FieldNode[],
  context: Context,
): Readonly<Record<string, Type>> {
  for (const { name } of fields) {
    const { text, span } = name;
    if (text !== 'time') continue;
    const help = '`.time` of a stage is how long it took: call the metric something else';
    context.report(diagnose('built-in-name', span, { name: text }, { help }));
  }
  const types = fieldTypes(fields, 'result', context);
  for (const { name, type: node } of fields) {
    const type = own(types, name.text) ?? unknownType;
    if (type.kind === 'unknown' || numberIn(type)) continue;
    const expected = 'numbers, as in `Metrics{top1: Fraction}`';
    context.report(diagnose('type-form', node.span, { name: 'Metrics', expected }));
  }
  return types;
}

function fieldTypes(
  fields: readonly FieldNode[],
  place: 'parameter' | 'result',
  context: Context,
): Readonly<Record<string, Type>> {
  return Object.fromEntries(
    fields.map((field) => [field.name.text, checkType(field.type, place, context)]),
  );
}
