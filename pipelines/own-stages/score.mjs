import { readFileSync, writeFileSync } from 'node:fs';
import { meanError } from './lib/error.mjs';

const [, , model, data, out] = process.argv;
const { slope } = JSON.parse(readFileSync(`${model}/model.json`, 'utf8'));
const points = JSON.parse(readFileSync(`${data}/points.json`, 'utf8'));
writeFileSync(`${out}/metrics.json`, JSON.stringify({ error: meanError(points, slope) }));
