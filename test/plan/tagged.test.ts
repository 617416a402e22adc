import { expect, it } from 'vitest';
import type { Json } from '../../src/base/canonical.js';
import { eachPath, replaced, type Stand, taggedOf } from '../../src/plan/tagged.js';

const value: Json = {
  input: { record: { input: 'of the user', file: { file: 'a.csv' } } },
  list: [{ input: 'stage' }, { metric: ['probe', 'top1'] }, null, 2, 'text', true],
  folder: { folder: 'photos' },
  env: [{ env: ['ROOT'] }, { env: { name: 'TOKEN', secret: 'f0' } }],
  method: {
    describe: 'mine',
    version: 1,
    args: { file: 3, describe: { file: 'b.csv' } },
    module: { file: 'mine.mjs' },
  },
};
const stand: Stand = {
  input: (id) => `digest of ${id}`,
  metric: (id, field) => `${field} of ${id}`,
  content: (path, kind) => `${kind} ${path}`,
  unset: (env) => ({ waits: env }),
  module: () => 0,
};

it('replaces what is tagged, and takes no name of the user for a tag', () => {
  expect(replaced({ record: value }, stand)).toEqual({
    record: {
      input: { record: { input: 'of the user', file: { file: 'file a.csv' } } },
      list: [{ artifact: 'digest of stage' }, 'top1 of probe', null, 2, 'text', true],
      folder: { folder: 'folder photos' },
      env: [{ waits: ['ROOT'] }, { env: { secret: 'f0' } }],
      method: {
        describe: 'mine',
        version: 1,
        args: { file: 3, describe: { file: 'file b.csv' } },
        module: 0,
      },
    },
  });
});

it('finds each path once, in arguments and in records of the user', () => {
  const found: string[] = [];
  const shared: Json = { file: 'shared.csv' };
  eachPath([{ record: value }, [shared, shared]], (path, kind) => found.push(`${kind} ${path}`));
  expect(found).toEqual(['file a.csv', 'folder photos', 'file b.csv', 'file shared.csv']);
});

it('reads a record without a tag as one', () => {
  expect(taggedOf({ low: 1, high: 2 })).toEqual({
    is: 'record',
    fields: { low: 1, high: 2 },
    wrapped: false,
  });
});
