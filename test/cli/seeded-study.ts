import { breakingStudy } from './breaking-study.js';

/** A study that trains an encoder of four epochs for each seed. */
export const seededStudy = (...seeds: readonly number[]): string =>
  breakingStudy(
    ['dataset pairs', `axis seed = [${seeds.join(', ')}]\ndataset pairs`],
    ['batch: 8', 'batch: 8, seed: seed'],
  );
