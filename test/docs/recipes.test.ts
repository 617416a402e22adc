import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The numbered steps of the recipe for a method, each with the file that it begins with. */
const [, recipe = ''] =
  /^\*\*A self-supervised method\*\*(.*?)^\*\*/ms.exec(read('docs/contributing.md')) ?? [];
const steps = [...recipe.matchAll(/^\d\. `([^`]+)`: (.*)$/gm)].map(([, file = '', text = '']) => ({
  file,
  text,
}));
const methods = [...read('stdlib/ssl.ssp').matchAll(/^extern value (\w+)\(/gm)].map(
  ([, name = '']) => name,
);

it('counts the files of the recipe for a method', () => {
  expect(recipe).toContain('(five files by hand, and a sixth');
  expect(steps).toHaveLength(5);
  expect(methods.length).toBeGreaterThan(3);
});

it.each(methods)('has followed the recipe for %s', (name) => {
  for (const { file, text } of steps) {
    const path = file.replaceAll('NAME', name);
    expect(existsSync(join(root, path)), path).toBe(true);
    if (!/\.(ts|ssp)$/.test(path)) continue;
    // Calls that the recipe asks of a file, as far as they are written out.
    const calls = [...text.matchAll(/(describe|checkMethod|replaySteps)\('?(\w*\.?\w*\.?)/g)];
    for (const [, called = ''] of calls) expect(read(path), path).toContain(`${called}(`);
  }
});

it('names a method nowhere else in the code', () => {
  const implementations = readdirSync(join(root, 'src/library/ssl')).map((file) =>
    file.replace(/\.ts$/, ''),
  );
  expect(implementations.sort()).toEqual([...methods].sort());
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts'),
  );
  for (const file of sources) {
    expect(read(join('src', file)), file).not.toMatch(/from '[^']*\/ssl\/\w+\.js'/);
  }
});
