import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startClient } from './client.js';
import { hintsOf, hoverOf, pretendRun } from './look.js';

const page = readFileSync(new URL('../../docs/editor.md', import.meta.url), 'utf8');
const block = (language: string, index = 0) => {
  const found = [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))];
  return found[index]?.[1] ?? '';
};

it('shows what the page of the editor says', async () => {
  const text = block('ssp');
  const client = await startClient();
  await client.open('a.ssp', text);
  const shown = async (expected: string) => {
    const lines = await hintsOf(client, text);
    return expected
      .trimEnd()
      .split('\n')
      .filter((line) => {
        const [, name = '', hint] = /^(\w+) +(.*)$/.exec(line) ?? [];
        return (
          lines[`axis ${name}`] !== hint &&
          lines[`dataset ${name}`] !== hint &&
          lines[`train ${name}`] !== hint
        );
      });
  };
  await expect.poll(() => shown(block('text', 0)), { timeout: 20_000 }).toEqual([]);
  const quoted = [...page.matchAll(/^> ?(.*)$/gm)].map(([, line]) => line).join('\n');
  expect(await hoverOf(client, 'a.ssp', text, 'encoder =')).toBe(quoted);
  await pretendRun(client.folder, text, 'emojis');
  await pretendRun(client.folder, text, 'pairs');
  await client.change(
    'a.ssp',
    text.replace('semantic_pairs(emojis)', 'semantic_pairs(emojis, seed: 7)'),
  );
  await expect.poll(() => shown(block('text', 1)), { timeout: 20_000 }).toEqual([]);
});
