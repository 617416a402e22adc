import { own } from '../../base/own.js';
import type { ImagesPart, Type, Unit } from '../types.js';

export type NumberType = Extract<Type, { kind: 'number' }>;

export const unknownType: Type = { kind: 'unknown' };

/** A number type without bounds. */
export function numberType(unit: Unit): NumberType {
  return { kind: 'number', unit };
}

/** The number that a type is, or is where it is not `none`. */
export function numberIn(type: Type): NumberType | undefined {
  if (type.kind === 'optional') return numberIn(type.of);
  return type.kind === 'number' ? type : undefined;
}

/** The number type of the ends of `{low, high}`, which tables show as an interval. */
export function intervalIn(type: Type): NumberType | undefined {
  if (type.kind !== 'record' || Object.keys(type.fields).length !== 2) return undefined;
  const { low, high } = type.fields;
  const ends = low && high && joinTypes(low, high);
  return ends && numberIn(ends);
}

/** How much two Fractions differ. */
export const differenceType: NumberType = { kind: 'number', unit: 'Fraction', difference: true };

/** A number type without bounds of which a value may be how much two Fractions differ. */
export function likeNumber(type: NumberType): NumberType {
  return type.difference ? differenceType : numberType(type.unit);
}

/** A declared type for a value: differences of Fractions and secrets stay such, images keep what is known of them. */
export function asDeclared(declared: Type, value: Type): Type {
  if (declared.kind === 'artifact' && value.kind === 'artifact') return value;
  if (isSecret(value)) {
    return declared.kind === 'optional' ? optional(value) : value;
  }
  const difference = value.kind === 'number' && value.difference;
  const fraction = declared.kind === 'number' && declared.unit === 'Fraction';
  return difference && fraction ? { ...declared, difference } : declared;
}

/** Is it a secret, or may it be one? */
export function isSecret(type: Type): boolean {
  return type.kind === 'optional' ? isSecret(type.of) : type.kind === 'secret';
}

/** A number without a unit. */
export function isPlain(unit: Unit): boolean {
  return unit === 'Int' || unit === 'Float';
}

/** Do a plain number and a Fraction meet? Then the plain one has to lie from -1 to 1. */
export function meetAsFraction(a: Unit, b: Unit): boolean {
  return (a === 'Fraction' && isPlain(b)) || (b === 'Fraction' && isPlain(a));
}

/**
 * The type of "one of these": of an axis's values, of the branches of `if` and `match`, of a
 * list's items. Bounds are dropped; evaluations keep the metrics that they share. None when the two
 * have nothing in common.
 */
export function joinTypes(a: Type, b: Type): Type | undefined {
  if (a.kind !== 'record' || b.kind !== 'record') return joined(a, b);
  // records in records share parts, so that the same two meet again and again
  let known = joinedRecords.get(a);
  if (!known) {
    known = new WeakMap();
    joinedRecords.set(a, known);
  }
  const before = known.get(b);
  if (before) return before.type;
  const type = joinRecords(a.fields, b.fields);
  known.set(b, { type });
  return type;
}

const joinedRecords = new WeakMap<Type, WeakMap<Type, { readonly type: Type | undefined }>>();

function joined(a: Type, b: Type): Type | undefined {
  if (a.kind === 'unknown' || b.kind === 'unknown') return unknownType;
  if (a.kind === 'none' && b.kind === 'none') return a;
  if (a.kind === 'none') return optional(b);
  if (b.kind === 'none') return optional(a);
  if (a.kind === 'optional' || b.kind === 'optional') {
    const of = joinTypes(a.kind === 'optional' ? a.of : a, b.kind === 'optional' ? b.of : b);
    return of && optional(of);
  }
  if (a.kind === 'number' && b.kind === 'number') return joinNumbers(a, b);
  if (isText(a) && isText(b)) return joinTexts(a, b);
  if ((isText(a) && b.kind === 'secret') || (a.kind === 'secret' && isText(b)))
    return { kind: 'secret' };
  if ((a.kind === 'folder' && b.kind === 'string') || (a.kind === 'string' && b.kind === 'folder'))
    return { kind: 'folder' };
  if ((a.kind === 'list' || a.kind === 'range') && a.kind === b.kind) {
    const of = joinTypes(a.of, b.of);
    return of && { kind: a.kind, of };
  }
  if (a.kind === 'metrics' && b.kind === 'metrics') {
    const fields: [string, Type][] = [];
    for (const [name, type] of Object.entries(a.fields)) {
      const other = own(b.fields, name);
      const common = other && joinTypes(type, other);
      if (common) fields.push([name, common]);
    }
    return { kind: 'metrics', fields: Object.fromEntries(fields) };
  }
  if (a.kind === 'artifact' && b.kind === 'artifact' && a.name === b.name) {
    return joinFacts(a, b);
  }
  if ((a.kind === 'description' || a.kind === 'artifact') && a.kind === b.kind)
    return a.name === b.name ? a : undefined;
  return a.kind === b.kind ? a : undefined;
}

type Artifact = Extract<Type, { kind: 'artifact' }>;

/** Of images that are not the same ones only what they share is known. */
function joinFacts(a: Artifact, b: Artifact): Type {
  const [x, y] = [a.facts, b.facts];
  if (JSON.stringify(x) === JSON.stringify(y)) return a;
  const facts: Partial<Record<ImagesPart, readonly string[]>> = {};
  for (const part of ['attributes', 'splits'] as const) {
    const [left, right] = [x?.[part], y?.[part]];
    if (!left || !right || 'of' in left || 'of' in right) continue;
    facts[part] = left.filter((name) => right.includes(name));
  }
  return { kind: 'artifact', name: a.name, facts };
}

/** A type of which a value may be `none`. */
export function optional(of: Type): Type {
  return of.kind === 'optional' || of.kind === 'unknown' ? of : { kind: 'optional', of };
}

function joinNumbers(a: NumberType, b: NumberType): Type | undefined {
  if (a.unit === b.unit) {
    return a.difference && b.difference ? differenceType : numberType(a.unit);
  }
  if (isPlain(a.unit) && isPlain(b.unit)) return numberType('Float');
  return meetAsFraction(a.unit, b.unit) ? numberType('Fraction') : undefined;
}

function isText(type: Type): type is Extract<Type, { kind: 'string' | 'enum' }> {
  return type.kind === 'string' || type.kind === 'enum';
}

function joinTexts(
  a: Extract<Type, { kind: 'string' | 'enum' }>,
  b: Extract<Type, { kind: 'string' | 'enum' }>,
): Type {
  if (a.kind === 'string' || b.kind === 'string') return { kind: 'string' };
  return { kind: 'enum', choices: [...new Set([...a.choices, ...b.choices])] };
}

function joinRecords(
  a: Readonly<Record<string, Type>>,
  b: Readonly<Record<string, Type>>,
): Type | undefined {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return undefined;
  const fields: [string, Type][] = [];
  for (const name of names) {
    const [left, right] = [own(a, name), own(b, name)];
    const common = left && right && joinTypes(left, right);
    if (!common) return undefined;
    fields.push([name, common]);
  }
  return { kind: 'record', fields: Object.fromEntries(fields) };
}
