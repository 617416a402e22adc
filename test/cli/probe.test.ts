import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const study = (penalties: string): string => `import std.backbone.pixels
import std.data.emoji
import std.train.random_init
import std.probe.linear_probe

train encoder = random_init(pixels(size: 8px))
evaluate group = linear_probe(encoder, emoji(), label: "group", penalties: ${penalties})
`;

it('refuses penalties without a minimum before any work', async () => {
  const folder = temporaryFolder();
  for (const [penalties, found] of [
    ['[0.1, -0.01]', '-0.01'],
    ['[0.0]', '0.0'],
  ] as const) {
    writeFileSync(join(folder, 'study.ssp'), study(penalties));
    const { code, out, err } = await ssp(folder, ['check', 'study.ssp']);
    expect(code).toBe(1);
    expect(out + err).toContain('error[out-of-range]: an item of `penalties`');
    expect(out + err).toContain(found);
  }
});
