import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect } from 'vitest';

/** Holds a document to its published shape, a schema in `grammar/schema/`. */
export function expectShape(name: string, document: unknown): void {
  const path = new URL(`../../grammar/schema/${name}.json`, import.meta.url);
  const schema = JSON.parse(readFileSync(path, 'utf8'));
  const validate = new Ajv({ allowUnionTypes: true }).compile(schema);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  expect(schema.additionalProperties).toBe(false);
}
