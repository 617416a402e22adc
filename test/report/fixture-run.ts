import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Blob, Findings, StageOutcome } from '../../src/execute/record.js';
import type { ReportInput } from '../../src/report/content.js';
import { difference, findings, outcome } from './fixture.js';

/** A made-up run with files in `store`: curves and pictures that test layout alone. */
export function fixtureRun(
  store: string,
  more: Partial<ReportInput> = {},
  names: readonly string[] = ['cat', 'dog'],
): ReportInput {
  mkdirSync(store, { recursive: true });
  const put = (data: Buffer | string): Blob => {
    const digest = createHash('sha256').update(data).digest('hex');
    writeFileSync(join(store, digest), data);
    return { digest, size: data.length };
  };
  const outcomes: StageOutcome[] = [
    outcome('source', {}, { environment: { 'licence fixture-set': 'CC BY 4.0' } }),
  ];
  for (const a of ['a1', 'a2']) {
    for (const b of ['left', 'right']) {
      const samples = put(npy([6, 2, 16, 16, 3], a.length + b.length + (a === 'a1' ? 0 : 40)));
      for (const seed of [1, 2, 3]) {
        const start = b === 'left' ? 4 : 5;
        const rows = Array.from({ length: 30 }, (_, i) => ({
          epoch: i + 1,
          loss: 1 + start * Math.exp(-i / (8 + seed)) + (a === 'a1' ? 0 : 0.4),
          spread: 0.2 + i / 100,
        }));
        const history = put(JSON.stringify({ rows }));
        const point = { a, b, seed: String(seed) };
        const files = { 'history.json': history, 'samples.npy': samples };
        outcomes.push(outcome('encoder', point, { files, environment: { device: 'fixture' } }));
        const metrics = { top1: 0.5 + seed / 100, penalty: 0.001 };
        outcomes.push(outcome('probe', point, { metrics, outcome: seed === 1 ? 'hit' : 'ran' }));
      }
    }
  }
  for (const b of ['left', 'right']) {
    for (const seed of [1, 2]) {
      const files = Object.fromEntries(
        Object.entries(detectionFiles(names, seed + b.length)).map(([name, data]) => [
          name,
          put(data),
        ]),
      );
      outcomes.push(outcome('boxes', { b, seed: String(seed) }, { files, metrics: { ap50: 0.5 } }));
    }
  }
  return {
    title: 'A fixture: does the page hold together?\n\nNo **measurement** here; see `report.md`.',
    file: 'fixture.ssp',
    texts: [
      {
        path: 'fixture.ssp',
        text: '/// A fixture.\n\naxis a = [a1, a2]\naxis b = {left: x(), right: y("1 // 2")}\n',
      },
    ],
    findings,
    outcomes,
    environment: { node: 'v0', threads: 2, gpu: { name: 'none' } },
    openFile: (blob) => join(store, blob.digest),
    ...more,
  };
}

/** What a detector of classes leaves for people to look at, made up. */
function detectionFiles(names: readonly string[], seed: number) {
  const recall = Array.from({ length: 21 }, (_, i) => i / 20);
  const precision = recall.map((r) => 1 - r ** 2 * (0.3 + seed / 20));
  const curves = {
    format: 'ssp-precision-recall',
    version: 1,
    overlap: 0.5,
    rule: 'eleven points',
    images: 1234,
    ap: 0.6 + seed / 100,
    mean: { recall, precision },
    classes: [
      ...names.map((name) => ({
        class: name,
        objects: 40,
        difficult: 2,
        ap: 0.6,
        recall: recall.slice(1, 12),
        precision: precision.slice(1, 12),
      })),
      { class: 'none', objects: 0, difficult: 0, ap: null, recall: [], precision: [] },
    ],
  };
  const found = (score: number, verdict: string, box: readonly number[]) => ({
    class: names[0],
    score,
    overlap: score / 2,
    verdict,
    box,
  });
  const objects = (isFound: boolean) => [
    { class: names[1], difficult: false, found: isFound, overlap: 0.7, box: [2, 3, 18, 20] },
    { class: names[0], difficult: true, found: false, overlap: 0.2, box: [10, 12, 24, 24] },
  ];
  const picture = (name: string, boxes: object) => ({
    image: `${names[0]} ${name}${seed}`,
    place: [0, 0, 30, 24],
    more: 0,
    ...boxes,
  });
  const right = [found(0.98, 'right', [2, 4, 17, 20.5]), found(0.6, 'again', [4, 4, 18, 22])];
  const rows = [
    {
      name: 'best',
      of: 'found',
      pictures: ['a', 'b', 'c', 'd'].map((name) =>
        picture(name, { found: right, objects: objects(true) }),
      ),
    },
    {
      name: 'worst',
      of: 'found',
      pictures: [
        picture('e', {
          found: [found(0.9, 'nothing there', [20, 1, 29, 9])],
          objects: objects(false),
          more: 3,
        }),
      ],
    },
    { name: 'missed', of: 'objects', pictures: [] },
  ];
  const pictures = { format: 'ssp-detection-pictures', version: 1, least: 0.5, rows };
  return {
    'curves.json': JSON.stringify(curves),
    'pictures.json': JSON.stringify(pictures),
    'pictures.npy': npy([5, 32, 32, 3], seed),
  };
}

/** Findings whose every text tries to break out of its place. */
export function hostileFindings(text: string): Findings {
  return {
    tables: findings.tables.map((table) => ({
      ...table,
      name: text,
      doc: text,
      rowAxes: table.rowAxes.map(() => text),
      rows: table.rows.map((_, r) => [`${text}${r}`]),
      columnAxes: table.columnAxes.map(() => text),
      columns: table.columns.map((c) => ({ labels: c.labels.map(() => text), value: text })),
      over: [text],
      about: [{ stages: [text], facts: { [text]: [text] } }],
      differences: [{ ...difference, first: text, second: text }],
    })),
    expectations: findings.expectations.map((e) => ({
      ...e,
      text,
      doc: text,
      failing: e.failing.map(() => text),
      sides: e.sides.map((side) => ({ ...side, point: text })),
    })),
    comparisons: findings.comparisons.map((c) => ({ ...c, source: text, text })),
    names: { axes: { a: text }, labels: { a: { a1: text } } },
  };
}

/** A `.npy` file of uint8 with a pattern. */
export function npy(shape: readonly number[], seed: number): Buffer {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const padded = `${header.padEnd(128 - 10 - 1)}\n`;
  const start = Buffer.alloc(10);
  start.write('\x93NUMPY\x01\x00', 'latin1');
  start.writeUInt16LE(padded.length, 8);
  const size = shape.reduce((a, b) => a * b, 1);
  const data = Buffer.from(Array.from({ length: size }, (_, i) => (i * 7 + (i >> 5) * seed) % 256));
  return Buffer.concat([start, Buffer.from(padded, 'latin1'), data]);
}
