import { expect, it } from 'vitest';
import { readJson } from '../../src/base/read-json.js';

const read = (text: string) => readJson(Buffer.from(text));

it('reads JSON, with or without a byte order mark', () => {
  expect(read('{"a": [1, {"a": "}"}]}')).toEqual({ value: { a: [1, { a: '}' }] } });
  expect(read('\ufeff1')).toEqual({ value: 1 });
});

it('names a number that JSON does not have, and no text that looks like one', () => {
  const nan = { fault: 'has NaN as `b`, which is no number of JSON', notFinite: true };
  expect(read('{"a": "NaN", "b": NaN}')).toEqual(nan);
  // as C, NumPy and Python print it
  for (const text of ['nan', '-nan', 'inf', '-inf', '+Inf', 'NAN']) {
    expect(read(`{"top1": ${text}}`)).toEqual({
      fault: `has ${text} as \`top1\`, which is no number of JSON`,
      notFinite: true,
    });
  }
  expect(read('{"a": nano}')).toEqual({ fault: 'is no JSON, or is cut off' });
  expect(read('[1, -Infinity]')).toMatchObject({ fault: expect.stringContaining('not finite') });
});

it('says what else is wrong', () => {
  expect(read(' \n')).toEqual({ fault: 'is empty' });
  expect(read('{"a": 1')).toEqual({ fault: 'is no JSON, or is cut off' });
  expect(readJson(Buffer.from([0x22, 0xff, 0x22]))).toEqual({ fault: 'is not UTF-8' });
});

it('finds a name that stands twice in one object, however it is written', () => {
  expect(read('{"a": {"b": 1}, "b": {"b": 2}}')).toHaveProperty('value');
  expect(read('[{"a": 1}, {"a": 1}]')).toHaveProperty('value');
  expect(read('{"a": {"b": 1, "c": 2}, "\\u0061": 2}')).toEqual({
    fault: 'has the name "a" twice',
  });
  expect(read('{"__proto__": 1, "__proto__": 2}')).toEqual({
    fault: 'has the name "__proto__" twice',
  });
});
