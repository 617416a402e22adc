import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';

/**
 * The text of `src/execute/lock/lock-validator.gen.ts`: what Ajv makes of the schema of locks, so that
 * reading one does not load Ajv and compile the schema anew.
 */
export function lockValidatorFile(schema: string): string {
  const ajv = new Ajv({ allowUnionTypes: true, code: { source: true, esm: true } });
  const code = standalone.default(ajv, ajv.compile(JSON.parse(schema)));
  return [
    '// @ts-nocheck',
    '// Generated from grammar/schema/lock.json by `npm run gen`. Do not edit.',
    `${code.replace('"use strict";', '').replace(/export default \w+;/, '')}`,
    '',
  ].join('\n');
}
