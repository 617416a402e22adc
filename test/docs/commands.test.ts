import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { examplesOf, runExamples } from '../support/console-examples.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/commands.md'), 'utf8');

it('prints what the page of commands says', () => {
  const examples = examplesOf('docs/commands.md');
  expect(examples.length).toBeGreaterThan(10);
  runExamples(examples);
});

it('has a section for each command', () => {
  for (const name of Object.keys(commands)) expect(page).toMatch(new RegExp(`^## ${name}$`, 'm'));
});
