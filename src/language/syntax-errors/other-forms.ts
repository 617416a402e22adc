import type { Advice } from '../../base/diagnostic.js';
import { membership, power, ternary, trailingIf } from './foreign-conditions.js';
import {
  foreignImport,
  importList,
  paramType,
  title,
  whereOnAxis,
  yamlAxis,
} from './foreign-declarations.js';
import { foreignSlice } from './foreign-slices.js';
import { bareList, hyphenKey, key, keyedList, path, tuple } from './foreign-values.js';
import type { Place } from './syntax-place.js';

/** What Python, YAML, TypeScript or SQL write otherwise. */
export const otherForms: readonly ((place: Place) => Advice | undefined)[] = [
  foreignSlice,
  trailingIf,
  ternary,
  membership,
  power,
  path,
  tuple,
  bareList,
  keyedList,
  paramType,
  yamlAxis,
  key,
  hyphenKey,
  title,
  importList,
  foreignImport,
  whereOnAxis,
];
