import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';

/**
 * The text of a module that holds a document against a schema of `grammar/schema/`: what Ajv makes of
 * it, so that reading a document does not load Ajv and compile the schema anew.
 */
export function validatorFile(root: string, schema: string): string {
  const path = `grammar/schema/${schema}.json`;
  // A message about a value can say what is written in the schema about it.
  const ajv = new Ajv({ allowUnionTypes: true, verbose: true, code: { source: true, esm: true } });
  const code = standalone.default(
    ajv,
    ajv.compile(JSON.parse(readFileSync(`${root}/${path}`, 'utf8'))),
  );
  return [
    '// @ts-nocheck',
    `// Generated from ${path} by \`npm run gen\`. Do not edit.`,
    `${code.replace('"use strict";', '').replace(/export default \w+;/, '')}`,
    '',
  ].join('\n');
}
