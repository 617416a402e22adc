import { UsageError } from '../../base/errors.js';
import { listing, suggest } from '../../base/nearest.js';
import { shortName } from '../../language/check/labels.js';
import { loadLibrary } from '../../language/library.js';
import type { Command } from '../command.js';
import { externList, externText } from '../docs-text.js';

export const docs: Command = {
  name: 'docs',
  summary: 'show a stage or value of the standard library, or list them all',
  arguments: [{ name: '[name]', about: 'as in simclr, std.ssl.simclr or std.ssl; none lists all' }],
  options: [],
  examples: ['ssp docs', 'ssp docs simclr', 'ssp docs std.train.pretrain', 'ssp docs std.probe'],
  async run(io, [name]) {
    const externs = loadLibrary();
    const colour = io.colour.out;
    if (name === undefined) {
      io.out(externList(externs, colour));
      return 0;
    }
    const members = externs.filter((extern) => extern.name.startsWith(`${name}.`));
    if (members.length > 0) {
      io.out(externList(members, colour));
      return 0;
    }
    const found = externs.filter((e) => e.name === name || shortName(e.name) === name);
    if (found.length === 0) {
      const names = externs.flatMap((e) => [shortName(e.name), e.name]);
      const within = names.filter((other) => other.includes(name) && !other.includes('.'));
      throw new UsageError(
        `\`${name}\` is no stage or value of the standard library`,
        within.length > 0
          ? `did you mean ${listing(within, 'or')}?`
          : (suggest(name, names) ?? '`ssp docs` lists them'),
      );
    }
    io.out(found.map((extern) => externText(extern, colour)).join('\n\n'));
    return 0;
  },
};
