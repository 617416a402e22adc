import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadLibrary } from '../language/library.js';
import { grammarFiles } from './generate/grammar.js';
import { signaturesFile } from './generate/signatures.js';
import { stagesDoc } from './generate/stages-doc.js';

/** Writes every file that is made from the parser and from `stdlib/`: `npm run gen`. */
const externs = loadLibrary();
const files: Readonly<Record<string, string>> = {
  ...grammarFiles(),
  'src/library/signatures.gen.ts': signaturesFile(externs),
  'docs/stages.md': stagesDoc(externs),
};
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
