import { expect, it } from 'vitest';
import { examplesOf, runExamples } from '../support/console-examples.js';

it('prints what the page of sharing says', () => {
  const examples = examplesOf('docs/sharing.md');
  expect(examples.length).toBeGreaterThan(20);
  runExamples(examples);
});
