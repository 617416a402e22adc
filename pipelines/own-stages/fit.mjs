import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const text = { type: 'string' };
const { values } = parseArgs({
  options: { data: text, steps: text, rate: text, note: text, out: text },
});
const points = JSON.parse(readFileSync(join(values.data, 'points.json'), 'utf8'));
let slope = 0;
for (let step = 0; step < Number(values.steps); step++) {
  const gradient = points.reduce((sum, [x, y]) => sum + 2 * x * (slope * x - y), 0) / points.length;
  slope -= Number(values.rate) * gradient;
}
console.log(`slope ${slope}`);
writeFileSync(join(values.out, 'model.json'), JSON.stringify({ slope, note: values.note }));
