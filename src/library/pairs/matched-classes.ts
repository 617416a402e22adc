import type { Pairs } from '../artifact/pairs.js';
import { pairsByClass } from './pairs-by-class.js';

/** A class of which two sets have not as many pairs. */
export interface Unmatched {
  readonly name: string;
  readonly a: number;
  readonly b: number;
}

/** The classes of which two sets of pairs have different numbers; matched sets have none. */
export function unmatchedClasses(a: Pairs, b: Pairs, label?: string): readonly Unmatched[] {
  const [inA, inB] = [pairsByClass(a, label), pairsByClass(b, label)];
  return [...new Set([...inA.keys(), ...inB.keys()])].flatMap((name) => {
    const counts = { a: inA.get(name)?.length ?? 0, b: inB.get(name)?.length ?? 0 };
    return counts.a === counts.b ? [] : [{ name, ...counts }];
  });
}

/** `zebra 157 and 103`, for people. */
export const countsText = ({ name, a, b }: Unmatched): string => `${name} ${a} and ${b}`;
