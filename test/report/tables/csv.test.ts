import { expect, it } from 'vitest';
import { aggregatedCsv, valuesCsv } from '../../../src/report/tables/csv.js';
import { table } from '../fixture.js';

it('keeps what was published of a cell that has no result', () => {
  const published = [
    { row: 1, column: 4, value: 0.31, unit: 'Fraction', source: 'paper' },
  ] as const;
  const lines = aggregatedCsv({ ...table, published }).split('\n');
  expect(lines[0]).toBe('a,b,value,unit,mean,std,count,published');
  expect(lines).toContain('a2,b2,right,Fraction,,,,0.31');
  expect(lines.filter((line) => line.startsWith('a2,b2,gain'))).toEqual([]);
  expect(valuesCsv({ ...table, published })).toBe(valuesCsv(table));
});
