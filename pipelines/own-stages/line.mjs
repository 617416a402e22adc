import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pointsOn } from './lib/points.mjs';

export async function run({ params, out, log, progress }) {
  const points = pointsOn(params.count, params.slope);
  progress({ unit: 'point', done: points.length, total: params.count });
  log(`${points.length} points`);
  writeFileSync(join(out, 'points.json'), JSON.stringify(points));
}
