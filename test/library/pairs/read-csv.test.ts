import { expect, it } from 'vitest';
import { readCsv } from '../../../src/library/pairs/read-csv.js';

const records = (text: string) => [...readCsv(text)];

it('reads quotes, commas, quotes in quotes and line breaks in quotes', () => {
  expect(records('a,b\r\n"x, y","he said ""no"""\n"two\nlines", z \n"", \'q\'')).toEqual([
    { line: 1, fields: ['a', 'b'] },
    { line: 2, fields: ['x, y', 'he said "no"'] },
    { line: 3, fields: ['two\nlines', 'z'] },
    { line: 5, fields: ['', "'q'"] },
  ]);
});

it('keeps white space within quotes, a quote inside a plain field, and leaves empty lines out', () => {
  expect(records('\n" x " , "y"\n \r\n5" disk.png,\n')).toEqual([
    { line: 2, fields: [' x ', 'y'] },
    { line: 4, fields: ['5" disk.png', ''] },
  ]);
  expect(records('')).toEqual([]);
});

it('says on which line a quote is wrong, and goes on behind it', () => {
  expect(records('a\n"b"c,d\ne')).toEqual([
    { line: 1, fields: ['a'] },
    { line: 2, fault: expect.stringContaining('after the quoted "b" stands no comma') },
    { line: 3, fields: ['e'] },
  ]);
  for (const blanks of ['', ' ', ' \t\u00a0']) {
    expect(records(`a,${blanks}"b\nc`)).toEqual([
      { line: 1, fault: 'a quote is opened and not closed' },
      { line: 2, fields: ['c'] },
    ]);
    expect(records(`a,${blanks}"b"c\nd, ${blanks}e\u00a0`)).toEqual([
      { line: 1, fault: expect.stringContaining('after the quoted "b" stands no comma') },
      { line: 2, fields: ['d', 'e'] },
    ]);
  }
  expect(records('a,"b\nc')).toEqual([
    { line: 1, fault: 'a quote is opened and not closed' },
    { line: 2, fields: ['c'] },
  ]);
});
