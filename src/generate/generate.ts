import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { libraryDefs, loadLibrary } from '../language/library.js';
import { diagnosticsDoc } from './diagnostics-doc.js';
import { grammarFiles } from './grammar.js';
import { loopsFile } from './loops.js';
import { methodPages } from './method-pages.js';
import { networksFile } from './networks.js';
import { signaturesFile } from './signatures.js';
import { stagesDoc } from './stages-doc.js';
import { textmateFiles } from './textmate.js';
import { validatorFile } from './validator.js';

/** Writes every file that is made from the parser, from `stdlib/` and by AssemblyScript: `npm run gen`. */
const externs = loadLibrary();
const root = process.cwd();
const fixture = (name: string) =>
  readFileSync(join(root, 'test/fixtures/diagnostics', name), 'utf8');
const example = (code: string) => ({
  source: fixture(`${code}.ssp`),
  said: fixture(`${code}.diag`),
  fixed: fixture(`${code}.fixed.ssp`),
});
const loops = ['decode/reduce', 'decode/resample', 'published/interleave'].map(
  (name): [string, string] => {
    const path = `src/library/data/${name}.gen.ts`;
    const present = existsSync(path) ? readFileSync(path, 'utf8') : '';
    return [path, loopsFile(path.replace('.gen.', '.as.'), present)];
  },
);
const files: Readonly<Record<string, string>> = {
  ...grammarFiles(),
  ...textmateFiles(),
  'src/execute/lock/lock-validator.gen.ts': validatorFile(root, 'lock'),
  'src/execute/slurm/site-validator.gen.ts': validatorFile(root, 'site'),
  'src/library/signatures.gen.ts': signaturesFile(externs),
  'src/library/networks.gen.ts': networksFile(externs),
  ...Object.fromEntries(loops),
  'docs/diagnostics.md': diagnosticsDoc(example),
  'docs/stages.md': stagesDoc(externs, libraryDefs()),
  ...methodPages(externs),
};
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
