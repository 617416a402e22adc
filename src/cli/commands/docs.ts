import { UsageError } from '../../base/errors.js';
import { listing, suggest } from '../../base/nearest.js';
import { meantBy } from '../../base/other-names.js';
import { compile } from '../../language/compile.js';
import { libraryDefs, loadLibrary } from '../../language/library.js';
import type { Extern } from '../../language/program.js';
import { shortName } from '../../language/terms/call-labels.js';
import { command } from '../command.js';
import type { Io } from '../io.js';
import { fileHost } from '../study/file-host.js';
import { pipelineFile } from '../study/pipeline.js';
import { builtInNames, builtInText, declarationText } from '../text/declaration-text.js';
import { defText, externList, externText } from '../text/docs-text.js';

export const docs = command({
  name: 'docs',
  summary: 'show a stage, value or built-in of the language, or what a file declares, or list them',
  arguments: [
    {
      name: '[name]',
      about: 'as in simclr, std.ssl.simclr, ssl, Images, mean or @gpu; none lists all',
    },
    { name: '[file]', about: 'a .ssp file, for what it declares itself' },
  ],
  options: [],
  examples: [
    'ssp docs',
    'ssp docs simclr',
    'ssp docs std.train.pretrain',
    'ssp docs std.probe',
    'ssp docs study.ssp',
    'ssp docs encoder study.ssp',
    'ssp docs @gpu',
  ],
  async run(io, words) {
    const file = words.find((word) => word.endsWith('.ssp'));
    const name = words.find((word) => word !== file);
    const own = file === undefined ? [] : stagesOf(io, file);
    const defs = libraryDefs();
    const externs = [...own, ...loadLibrary(), ...defs];
    const colour = io.colour.out;
    if (name === undefined) {
      if (file !== undefined && own.length === 0) io.err(`${file} declares no stages of its own`);
      else io.out(externList(file === undefined ? externs : own, colour));
      return 0;
    }
    const called = externs.some((extern) => shortName(extern.name) === name);
    // `ssl` alone is the module `std.ssl`, where nothing else is called so.
    const modules = called ? [`${name}.`] : [`${name}.`, `std.${name}.`];
    const members = externs.filter((e) => modules.some((module) => e.name.startsWith(module)));
    if (members.length > 0) {
      // `std` is a module and a function.
      const also = builtInText(name);
      io.out([externList(members, colour), ...(also ? [also] : [])].join('\n\n'));
      return 0;
    }
    const found = externs.filter((e) => e.name === name || shortName(e.name) === name);
    // What the file calls so stands before what the library does.
    const declared = file === undefined ? undefined : declarationText(io, file, name, found);
    const told = declared ?? (found.length === 0 ? builtInText(name) : undefined);
    if (told !== undefined) {
      io.out(told);
      return 0;
    }
    if (found.length === 0) {
      const names = externs.flatMap((e) => [shortName(e.name), e.name]).concat(builtInNames);
      const meant = meantBy(name, names);
      const within = names.filter((other) => other.includes(name) && !other.includes('.'));
      if (meant !== undefined) within.unshift(meant);
      throw new UsageError(
        `\`${name}\` is no stage or value of ${file ? `${file} or ` : ''}the standard library`,
        within.length > 0
          ? `did you mean ${listing(within, 'or')}?`
          : (suggest(name, names) ?? '`ssp docs` lists them'),
      );
    }
    const texts = found.map((extern) => {
      const def = defs.find(({ name: whole }) => whole === extern.name);
      return def ? defText(def, colour) : externText(extern, colour);
    });
    io.out(texts.join('\n\n'));
    return 0;
  },
});

/** The stages that a file declares itself or takes from other files; it may have mistakes. */
function stagesOf(io: Io, file: string): readonly Extern[] {
  const { open } = compile(fileHost(io), pipelineFile(io, file));
  return (open?.symbols ?? []).flatMap(({ meaning }) =>
    meaning?.kind === 'extern' && meaning.extern.code ? [meaning.extern] : [],
  );
}
