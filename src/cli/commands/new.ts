import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SspError, systemCode, UsageError } from '../../base/errors.js';
import { suggest } from '../../base/nearest.js';
import { writeFileWhole } from '../../base/write-file.js';
import { command } from '../command.js';

const folder = new URL('../../../pipelines/starters/', import.meta.url);

export const newStudy = command({
  name: 'new',
  summary: 'write a commented starter file for a study; without a study, list what there is',
  arguments: [{ name: '[study]', about: 'images, pairs, ablation or probe' }],
  options: [{ flags: '-o, --out <file>', about: 'the file to write (default: STUDY.ssp)' }],
  examples: ['ssp new', 'ssp new images', 'ssp new pairs', 'ssp new ablation -o transforms.ssp'],
  async run(io, [study], options) {
    const starters = startersOnHand();
    if (study === undefined) {
      const width = Math.max(...[...starters.keys()].map((name) => name.length));
      for (const [name, text] of starters) io.out(`${name.padEnd(width)}  ${titleOf(text)}`);
      return 0;
    }
    const text = starters.get(study);
    if (text === undefined) {
      throw new UsageError(`there is no starter \`${study}\``, suggest(study, starters.keys()));
    }
    const file = options.out ?? `${study}.ssp`;
    const path = resolve(io.cwd, file);
    if (existsSync(path)) {
      throw new SspError('file-exists', `there is a file \`${file}\` already, left as it is`, {
        help: 'name another one with -o FILE',
      });
    }
    try {
      writeFileWhole(path, [Buffer.from(text)], { sync: true });
    } catch (error) {
      throw unwritable(file, error);
    }
    io.out(file);
    io.err(`next: ssp plan ${file}`);
    return 0;
  },
});

/** The texts of `pipelines/starters/*.ssp` by name. */
function startersOnHand(): ReadonlyMap<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ssp'));
  return new Map(
    names
      .sort()
      .map((name) => [name.slice(0, -'.ssp'.length), readFileSync(new URL(name, folder), 'utf8')]),
  );
}

/** The first line of the documentation of a file. */
const titleOf = (text: string): string => /^\/\/\/ *(.*)$/m.exec(text)?.[1] ?? '';

function unwritable(file: string, error: unknown): unknown {
  if (systemCode(error) === undefined) return error;
  return new SspError('unwritable', `\`${file}\` cannot be written`, {
    help: 'name another place with -o FILE',
    cause: error,
  });
}
