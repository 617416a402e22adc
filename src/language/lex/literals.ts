import type { CodeName } from '../../base/codes.js';
import { nearest, suggest } from '../../base/nearest.js';

/** What a unit measures; the names are those of the types. */
export type UnitOf = 'Fraction' | 'Pixels' | 'Angle' | 'Duration' | 'Bytes';

/** Every unit: what it measures and how much of that type's own unit it is. */
export const units: Readonly<Record<string, { readonly of: UnitOf; readonly factor: number }>> = {
  '%': { of: 'Fraction', factor: 0.01 },
  px: { of: 'Pixels', factor: 1 },
  deg: { of: 'Angle', factor: 1 },
  ms: { of: 'Duration', factor: 0.001 },
  s: { of: 'Duration', factor: 1 },
  min: { of: 'Duration', factor: 60 },
  h: { of: 'Duration', factor: 3600 },
  d: { of: 'Duration', factor: 86_400 },
  kB: { of: 'Bytes', factor: 1e3 },
  MB: { of: 'Bytes', factor: 1e6 },
  GB: { of: 'Bytes', factor: 1e9 },
  TB: { of: 'Bytes', factor: 1e12 },
  KiB: { of: 'Bytes', factor: 2 ** 10 },
  MiB: { of: 'Bytes', factor: 2 ** 20 },
  GiB: { of: 'Bytes', factor: 2 ** 30 },
  TiB: { of: 'Bytes', factor: 2 ** 40 },
};

/** A mistake inside a literal; offsets count from the literal's start. */
export interface LiteralMistake {
  readonly code: CodeName;
  readonly start: number;
  readonly end: number;
  readonly found: string;
  readonly help: string | undefined;
  /** What to write instead. */
  readonly text?: string | undefined;
}

export interface NumberLiteral {
  readonly value: number;
  /** As written, without `_` and the unit. */
  readonly digits: string;
  readonly unit: string | undefined;
  readonly decimal: boolean;
  readonly mistake: LiteralMistake | undefined;
}

const numberParts = /^(\d+(?:_\d+)*(\.\d+(?:_\d+)*)?([eE][+-]?\d+)?)(.*)$/;

/** Reads `1_000`, `1e-3`, `20%`, `64px`. */
export function readNumber(image: string): NumberLiteral {
  const [, written = '0', point, exponent, suffix = ''] = numberParts.exec(image) ?? [];
  const digits = written.replaceAll('_', '');
  const value = Number(digits);
  const decimal = point !== undefined || exponent !== undefined;
  const unit = suffix === '' ? undefined : suffix;
  let mistake: LiteralMistake | undefined;
  if (unit !== undefined && !Object.hasOwn(units, unit)) {
    const near = nearestUnit(unit);
    const help =
      near === undefined ? suggest(unit, Object.keys(units)) : `did you mean \`${near}\`?`;
    const [start, end] = [written.length, image.length];
    const text = nearestUnit(unit);
    mistake = { code: 'unknown-unit', start, end, found: unit, help, text };
  } else if (!Number.isFinite(value) || (!decimal && value > Number.MAX_SAFE_INTEGER)) {
    const help = decimal
      ? `the largest is ${Number.MAX_VALUE}`
      : `the largest whole number is ${Number.MAX_SAFE_INTEGER}; a decimal point makes a Float`;
    const text = decimal || unit !== undefined ? undefined : `${image}.0`;
    mistake = { code: 'number-too-large', start: 0, end: image.length, found: image, help, text };
  }
  return { value, digits, unit, decimal, mistake };
}

/** Units as people write them elsewhere. */
const otherUnits: Readonly<Record<string, string>> = {
  sec: 's',
  secs: 's',
  m: 'min',
  mins: 'min',
  hr: 'h',
  hrs: 'h',
  hours: 'h',
  days: 'd',
  pixels: 'px',
  pct: '%',
  percent: '%',
  G: 'GiB',
  M: 'MiB',
  K: 'KiB',
};

function nearestUnit(unit: string): string | undefined {
  const known = Object.hasOwn(otherUnits, unit) ? otherUnits[unit] : undefined;
  return known ?? nearest(unit, Object.keys(units)) ?? likeUnit(unit);
}

/** A short unit that the text begins with. */
function likeUnit(unit: string): string | undefined {
  return Object.keys(units).find((known) => known.length > 1 && unit.startsWith(known));
}

export interface StringLiteral {
  readonly value: string;
  readonly mistake: LiteralMistake | undefined;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', '"': '"', '\\': '\\' };
const escapePattern = /\\(?:u\{([0-9A-Fa-f]{1,6})\}|u\{?[^}"\\]{0,8}\}?|[\s\S])/g;

/** A text with its quotes, as `readString` reads it: JSON has escapes that are none here. */
export const writeString = (text: string): string =>
  `"${text.replace(/["\\\p{Cc}]/gu, (found) => written[found] ?? `\\u{${codeOf(found)}}`)}"`;

const written: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(escapes).map(([letter, character]) => [character, `\\${letter}`]),
);

const codeOf = (character: string): string => (character.codePointAt(0) ?? 0).toString(16);

/** Reads `"text"`, with its quotes; the first bad escape is the mistake. */
export function readString(image: string): StringLiteral {
  let mistake: LiteralMistake | undefined;
  const value = image
    .slice(1, -1)
    .replace(escapePattern, (found, hex: string | undefined, at: number) => {
      const code = hex === undefined ? Number.NaN : Number.parseInt(hex, 16);
      const surrogate = code >= 0xd800 && code <= 0xdfff;
      if (code <= 0x10ffff && !surrogate) return String.fromCodePoint(code);
      const plain = escapes[found.slice(1)];
      if (plain !== undefined) return plain;
      mistake ??= {
        code: 'unknown-escape',
        start: at + 1,
        end: at + 1 + found.length,
        found,
        help: found === '\\r' ? undefined : 'a backslash itself is written `\\\\`',
        text: `\\${found}`,
      };
      return found;
    });
  return { value, mistake };
}
