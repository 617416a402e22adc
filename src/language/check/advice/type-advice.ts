import type { Advice } from '../../../base/diagnostic.js';
import { changeTo, insert, textAt } from '../../../base/fix.js';
import { listing } from '../../../base/nearest.js';
import type { Span } from '../../../base/source.js';
import { units } from '../../lex/literals.js';
import { foldedText } from '../../lex/source-text.js';
import type { ExternParam, Term } from '../../program.js';
import { isSecret, meetAsFraction } from '../../types/join-types.js';
import { showType } from '../../types/show-type.js';
import { showNumber } from '../../types/units.js';
import type { Type, Unit } from '../../types.js';
import { choose } from './choose.js';
import { firstSentence } from './first-sentence.js';

/** What is said of a parameter. */
export type ParamOf = Pick<ExternParam, 'name' | 'doc'>;

type NumberOf = Extract<Type, { kind: 'number' }>;

/** What to write instead of a value that does not fit a parameter, or what the parameter is. */
export function adviceAt(term: Term, type: Type, span: Span, param: ParamOf | undefined): Advice {
  if (param === undefined) return adviceFor(term, type, span);
  const about = param.doc === undefined ? undefined : firstSentence(param.doc);
  if (isShare(term, type)) {
    const help = `\`${param.name}\` is a plain number, no share of anything`;
    return { help: about === undefined ? help : `${help}: "${about}"` };
  }
  const several = severalValues(term, type, param);
  const advice = several ?? adviceFor(term, type, span);
  if (advice.help !== undefined || about === undefined) return advice;
  return { ...advice, help: `\`${param.name}\` is documented as "${about}"` };
}

/**
 * Is it a percentage for a number that nothing bounds, such as one of epochs? Of what it would be a
 * share is unknown, so that the number which it equals is hardly meant.
 */
function isShare(term: Term, type: Type): boolean {
  if (type.kind === 'optional') return isShare(term, type.of);
  const share = term.type.kind === 'number' && term.type.unit === 'Fraction';
  return share && type.kind === 'number' && type.unit === 'Float' && type.high === undefined;
}

/** Several values where one is taken: `seed: [1, 2, 3]`. */
function severalValues(term: Term, type: Type, { name }: ParamOf): Advice | undefined {
  const bare = type.kind === 'optional' ? type.of : type;
  const { type: from } = term;
  if (from.kind !== 'list' || bare.kind === 'list' || bare.kind === 'range') return undefined;
  if (from.of.kind !== bare.kind) return undefined;
  const written = term.kind === 'list' ? foldedText(term.span) : '';
  const values = written.startsWith('[') && written.length <= 60 ? written : '[…]';
  return { help: `several values are an axis: \`axis ${name} = ${values}\`` };
}

/** What to write instead of a value whose type does not fit; `span` is where it is written. */
export function adviceFor(term: Term, type: Type, span: Span): Advice {
  const from = term.type;
  if (type.kind === 'optional') return adviceFor(term, type.of, span);
  if (isSecret(from)) return { help: secretHelp };
  const written = isWritten(term, span);
  if (type.kind === 'path' && from.kind === 'string') {
    const text = textAt(span);
    const fixes = text.startsWith('"') ? [changeTo(span, `file(${text})`)] : [];
    return { help: 'write `file("…")` for a file', fixes };
  }
  if (from.kind === 'number' && type.kind === 'number') {
    const value = term.kind === 'literal' && written ? term.value : undefined;
    if (typeof value === 'number') return numberAdvice(value, from.unit, type, span);
    const isReal = from.unit === 'Float' && type.unit === 'Int' && term.kind === 'axis';
    return isReal ? { help: `${wholeRule}; not all of \`${term.axis}\` are written as one` } : {};
  }
  if (type.kind === 'description' && from.kind === 'string') return calledAdvice(term, span);
  if (type.kind === 'artifact' && from.kind === 'artifact') return artifactAdvice(from, type);
  if (type.kind === 'range') return rangeAdvice(term, span);
  if (from.kind === 'string' && term.kind === 'literal' && written) {
    const bare = bareText(String(term.value), type);
    if (bare !== undefined)
      return { help: `it stands without quotes: \`${bare}\``, fixes: [changeTo(span, bare)] };
  }
  if (type.kind === 'string' && from.kind === 'number' && written) {
    const text = JSON.stringify(textAt(span));
    return { help: `a text stands in quotes: \`${text}\``, fixes: [changeTo(span, text)] };
  }
  if (type.kind === 'bool' && term.kind === 'literal' && (term.value === 0 || term.value === 1)) {
    return write(span, term.value === 0 ? 'false' : 'true');
  }
  if (type.kind === 'list' && written && from.kind === type.of.kind) {
    const text = `[${textAt(span)}]`;
    return text.length > 60 ? {} : write(span, text);
  }
  if (type.kind === 'record' && from.kind === 'record') return recordAdvice(from, type);
  if (from.kind === 'optional') return optionalAdvice(span);
  if (from.kind === 'metrics' && type.kind === 'number') return metricAdvice(from.fields, span);
  return {};
}

/** A value that may be `none` where one is needed. */
export function optionalAdvice(span: Span): Advice {
  const text = foldedText(span);
  const written = /^[\w.]+(?:\[[^\]]*\])?$/.test(text) ? text : 'it';
  const help = `it can be \`none\` here: test it, \`if ${written} == none then … else …\`, or give what stands for \`none\`, \`${written} ?? …\``;
  return { help };
}

/** Of a secret where something else is to stand. */
export const secretHelp =
  'a secret is handed over to a stage as a String, and to nothing else: it is neither compared nor shown';

/** A description that is named by a text: `"simclr"` for `simclr()`. */
function calledAdvice(term: Term, span: Span): Advice {
  const name = term.kind === 'literal' ? String(term.value) : '';
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    return { help: 'a description is a call, not the text of its name: `simclr()`' };
  }
  const fixes = isWritten(term, span) ? [changeTo(span, `${name}()`)] : [];
  return { help: `call it: \`${name}()\``, fixes };
}

/** Images where pairs are needed, and pairs where images are. */
function artifactAdvice(from: Type, type: Type): Advice {
  const [found, needed] = [showType(from), showType(type)];
  if (found === 'Images' && needed === 'Pairs') {
    return { help: 'make pairs of them: `semantic_pairs(…)` or `augmented_pairs(…)`' };
  }
  if (found === 'Pairs' && needed === 'Images') {
    return { help: 'give the images that the pairs are made of' };
  }
  if (found === 'Images' && needed === 'Encoder') {
    return { help: 'an encoder is made of images by `pretrain`, `supervised` or `random_init`' };
  }
  return {};
}

type RecordOf = Extract<Type, { kind: 'record' }>;

/** What a record lacks, and what it has besides. */
function recordAdvice(from: RecordOf, type: RecordOf): Advice {
  const [found, needed] = [Object.keys(from.fields), Object.keys(type.fields)];
  const lacks = needed.filter((name) => !found.includes(name));
  const others = found.filter((name) => !needed.includes(name));
  const said = [
    ...(lacks.length > 0 ? [`it lacks ${listing(lacks)}`] : []),
    ...(others.length > 0 ? [`it has ${listing(others)} besides`] : []),
  ];
  return said.length > 0 ? { help: said.join(', and ') } : {};
}

/** `[0.2, 1.0]` for `0.2..1.0`. */
function rangeAdvice(term: Term, span: Span): Advice {
  const ends = term.kind === 'list' && isWritten(term, span) ? term.items : [];
  const [low, high] = ends.map((item) => textAt(item.span));
  if (ends.length !== 2 || low === undefined || high === undefined) return {};
  return write(span, `${low}..${high}`, 'a range has two dots between its ends: ');
}

/** Advice where a number is needed and an evaluation was found. */
export function metricAdvice(fields: Readonly<Record<string, Type>>, span: Span): Advice {
  const names = Object.keys(fields);
  const help = `name one of its metrics: ${names.map((name) => `\`.${name}\``).join(', ')}`;
  return { help, fixes: names.map((name) => insert(span, span.end, `.${name}`)) };
}

/** The value that a text in quotes seems to be. */
function bareText(text: string, type: Type): string | undefined {
  if (type.kind === 'bool') return /^(?:true|false)$/.test(text) ? text : undefined;
  if (type.kind !== 'number') return undefined;
  const number = /^-?\d+(?:\.\d+)?(%|[A-Za-z]+)?$/.exec(text);
  const unit = number?.[1];
  const fits = unit === undefined ? plainUnits.has(type.unit) : units[unit]?.of === type.unit;
  return number && fits ? text : undefined;
}

const plainUnits: ReadonlySet<string> = new Set(['Int', 'Float', 'Fraction']);

/** The nearest value that is in bounds, for one that is written, and what the parameter is. */
export function boundAdvice(
  term: Term,
  type: Type,
  span: Span,
  param: ParamOf | undefined,
): Advice {
  const { help, fixes } = nearestInBounds(term, type, span);
  const doc = param?.doc;
  const about =
    doc === undefined ? [] : [`\`${param?.name}\` is documented as "${firstSentence(doc)}"`];
  const said = [...(help === undefined ? [] : [help]), ...about];
  return { ...(said.length > 0 ? { help: said.join('; ') } : {}), fixes };
}

function nearestInBounds(term: Term, type: Type, span: Span): Advice {
  if (type.kind === 'optional') return nearestInBounds(term, type.of, span);
  if (term.kind !== 'literal' || !isWritten(term, span)) return {};
  if (type.kind === 'enum' && typeof term.value === 'string') {
    return choose({ text: term.value, span }, type.choices, '', JSON.stringify);
  }
  if (type.kind !== 'number' || typeof term.value !== 'number') return {};
  const { value } = term;
  const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = type;
  const bound = value < low ? low : value > high ? high : Math.round(value);
  const text = showNumber(bound, type.unit);
  const what = value < low ? 'least' : value > high ? 'most' : 'nearest';
  return { help: `the ${what} is \`${text}\``, fixes: [changeTo(span, text)] };
}

/** Does a value stand at a place, and is not only named there? */
function isWritten({ span: of }: Term, span: Span): boolean {
  return of.file === span.file && of.start === span.start && of.end === span.end;
}

const wholeRule = 'an Int is a whole number without a point, such as `1`';

function numberAdvice(value: number, from: Unit, type: NumberOf, span: Span): Advice {
  const text = textAt(span);
  if (type.unit === 'Fraction' && meetAsFraction(from, type.unit)) {
    const help = `a plain number from -1 to 1 stands for a Fraction; did you mean \`${value}%\`?`;
    return { help, fixes: [changeTo(span, `${value}%`)] };
  }
  if (type.unit === 'Int' && from === 'Float' && Number.isSafeInteger(value)) {
    const help = `\`${text}\` is a Float, even if it is whole; write \`${value}\``;
    return { help, fixes: [changeTo(span, String(value))] };
  }
  if (type.unit === 'Int' && from === 'Float') return { help: wholeRule };
  if (from === 'Fraction' && type.unit === 'Float') return write(span, String(value));
  const plain = from === 'Int' || from === 'Float';
  // what has a unit of another kind is no slip of the unit
  if (!plain) return otherKind(type.unit);
  const bare = /e/i.test(text) ? String(value) : text;
  const units = unitsOf[type.unit];
  const [unit] = units;
  if (unit === undefined) return {};
  const fixes = units.map((u) => changeTo(span, `${bare}${u}`));
  if (units.length === 1) return { help: `write \`${bare}${unit}\``, fixes };
  return { help: `write a unit: ${examples[type.unit]}`, fixes };
}

/** The units that a number without one may have been meant in. */
const unitsOf: Readonly<Record<Unit, readonly string[]>> = {
  Int: [],
  Float: [],
  Fraction: ['%'],
  Pixels: ['px'],
  Angle: ['deg'],
  Duration: ['s', 'min', 'h'],
  Bytes: ['MiB', 'GiB'],
};

/** How a number of a kind is written. */
function otherKind(unit: Unit): Advice {
  const form = examples[unit];
  return form === undefined ? {} : { help: `write a unit of ${unit}, as in ${form}` };
}

const examples: Readonly<Partial<Record<Unit, string>>> = {
  Fraction: '`20%`',
  Pixels: '`32px`',
  Angle: '`15deg`',
  Duration: '`250ms`, `30s`, `5min`, `12h`, `2d`',
  Bytes: '`512MiB`, `16GiB`',
};

function write(span: Span, text: string, why = 'write '): Advice {
  return { help: `${why}\`${text}\``, fixes: [changeTo(span, text)] };
}
