import { ofMarks } from './of-marks.js';
import { ofNames } from './of-names.js';
import { ofValues } from './of-values.js';
import type { Mutation } from './study.js';

/** Every kind of mistake, by what it is. */
export const mutations: Readonly<Record<string, Mutation>> = {
  ...ofNames,
  ...ofMarks,
  ...ofValues,
};
