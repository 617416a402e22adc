import { expect, it } from 'vitest';
import { command, common } from '../../src/cli/command.js';
import { processIo } from '../../src/cli/io.js';

it('gives a command the options that it declares, by type, and no others', async () => {
  const given = command({
    name: 'try',
    summary: '',
    arguments: [],
    options: [
      common.set,
      common.json,
      { flags: '-o, --out <folder>', about: '' },
      { flags: '--keep-going', about: '' },
    ],
    examples: [],
    async run(_io, _words, options) {
      // @ts-expect-error: a slip of the fingers is a mistake of types.
      expect(options.keepGoin).toBeUndefined();
      const all: readonly string[] = options.set ?? [];
      const out: string | undefined = options.out;
      const going: true | undefined = options.keepGoing;
      return all.length + (out?.length ?? 0) + (going ? 1 : 0) + (options.json ? 1 : 0);
    },
  });
  expect(await given.run(processIo(), [], { set: ['a=1'], out: 'o', keepGoing: true })).toBe(3);
});
