/// <reference lib="dom" />
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeNpy } from '../../../src/base/files/npy.js';
import type { Blob, StageOutcome } from '../../../src/execute/record.js';
import { writeReport } from '../../../src/report/html.js';
import { spriteOf } from '../../../src/report/maps/sprite.js';
import { outcome } from '../fixture.js';
import { fixtureRun } from '../fixture-run.js';
import { openBrowser } from '../open-browser.js';

const folder = mkdtempSync(join(tmpdir(), 'ssp-maps-'));
const store = join(folder, 'store');
const shots = process.env.SSP_SCREENSHOTS ?? folder;
const n = 120;
const side = 4;
let browser: Browser;

/** Dots on a spiral, turned; image i is of one grey, 2 i, and every third of one label. */
function filesOf(turn: number, changed: Record<string, string> = {}): Record<string, Blob> {
  const at = join(store, `made-${turn}`);
  mkdirSync(at, { recursive: true });
  const places = Float32Array.from({ length: 2 * n }, (_, i) => {
    const angle = (i >> 1) / 6 + turn;
    return (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle)) * (i >> 1);
  });
  writeNpy(join(at, 'map.npy'), { shape: [n, 2], data: places });
  const size = side * side * 3;
  const pixels = Uint8Array.from({ length: n * size }, (_, i) => 2 * Math.floor(i / size));
  writeNpy(join(at, 'thumbnails.npy'), { shape: [n, side, side, 3], data: pixels });
  const images = Array.from({ length: n }, (_, i) => [`"image" ${i} <b>`, i % 3]);
  const about = { label: 'class', values: ['ant', 'bee & <i>', 'cat'], images };
  writeFileSync(join(at, 'map.json'), JSON.stringify(about));
  return Object.fromEntries(
    ['map.npy', 'map.json', 'thumbnails.npy'].map((name) => {
      const data = changed[name] ?? readFileSync(join(at, name));
      const digest = createHash('sha256').update(data).digest('hex');
      writeFileSync(join(store, digest), data);
      return [name, { digest, size: data.length }];
    }),
  );
}

const metrics = { trustworthiness: 0.951, neighbour_overlap: 0.412, shared_neighbours: 0.25 };
const facts = { split: 'test', 'images of the split': 2448 };
const mapOf = (encoder: string, seed: number, files: Record<string, Blob>): StageOutcome =>
  outcome('map', { encoder, seed: String(seed) }, { files, metrics, facts });
const report = async (name: string, outcomes: readonly StageOutcome[]) => {
  const to = join(folder, name);
  const names = { axes: {}, labels: { encoder: { a: 'SimCLR' } } };
  const given = fixtureRun(store);
  const written = await writeReport(to, {
    ...given,
    outcomes,
    findings: { ...given.findings, tables: [], names },
  });
  return { to, ...written, page: readFileSync(join(to, 'index.html'), 'utf8') };
};

beforeAll(async () => {
  mkdirSync(store, { recursive: true });
  browser = await openBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('draws maps of one stage beside each other, the numbers beneath, and shares their drawings', async () => {
  const [a, b] = [filesOf(0), filesOf(1)];
  const { to, files, notes, page } = await report('two', [
    mapOf('a', 1, a),
    mapOf('a', 2, b),
    mapOf('b', 1, b),
  ]);
  expect(notes).toEqual([]);
  expect(files).toEqual(expect.arrayContaining(['figures/map-map.csv', 'figures/map-map.svg']));
  expect(page.match(/class="panel"/g)).toHaveLength(2);
  expect(page.match(/data:image\/webp/g)).toHaveLength(1);
  const said = 'trustworthiness 0.951, neighbour overlap 41.2 %, shared neighbours 25.0 %';
  expect(page).toContain(`<strong>SimCLR</strong>: ${said}`);
  expect(page).toMatch(/script-src &#39;sha256-|script-src 'sha256-/);
  expect(readFileSync(join(to, 'report.md'), 'utf8')).toContain(`- encoder=b: ${said}`);
  for (const text of [page, readFileSync(join(to, 'report.md'), 'utf8')]) {
    expect(text).toContain('120 of the 2,448 images of split test laid out by their features');
  }
  const rows = readFileSync(join(to, 'figures/map-map.csv'), 'utf8').split('\n');
  expect(rows[0]).toBe('image,class,SimCLR x,SimCLR y,encoder=b x,encoder=b y');
  expect(rows).toHaveLength(n + 2);
  const svg = readFileSync(join(to, 'figures/map-map.svg'), 'utf8');
  expect(svg.match(/h0/g)).toHaveLength(2 * n);
});

it('says which map is none, and needs no script without one', async () => {
  const broken = filesOf(0, { 'map.json': '{"label": "class"}' });
  const { notes, page } = await report('broken', [mapOf('a', 1, broken)]);
  expect(notes).toEqual(['the map of map[encoder=a,seed=1] is not one of its images']);
  expect(page).not.toContain('<script');
  expect(page).not.toContain('script-src');
});

it('keeps drawings small: by quality, then by half their side', async () => {
  const pixels = Uint8Array.from({ length: 64 * 32 * 32 * 3 }, (_, i) => (i * 7919) % 251);
  const [whole, small] = [await spriteOf(pixels, 32), await spriteOf(pixels, 32, 20_000)];
  expect(await sharp(whole.webp).metadata()).toMatchObject({ width: 256, height: 256 });
  expect((await sharp(small.webp).metadata()).width).toBeLessThan(256);
  expect(small.webp.length).toBeLessThan(20_000);
  expect(small.columns).toBe(8);
});

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 390],
] as const) {
  it(`shows the image under the pointer, by keys and by touch, in ${colorScheme} surroundings`, async () => {
    const { to } = await report(`live-${colorScheme}`, [
      mapOf('a', 1, filesOf(0)),
      mapOf('b', 1, filesOf(1)),
    ]);
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      hasTouch: true,
    });
    const page = await context.newPage();
    const troubles: string[] = [];
    page.on('console', (message) => troubles.push(message.text()));
    page.on('pageerror', (error) => troubles.push(error.message));
    await page.goto(pathToFileURL(join(to, 'index.html')).href, { waitUntil: 'load' });
    const panels = page.locator('.panel');
    const first = panels.first();
    const drawing = first.locator('.drawing');
    const told = () => drawing.locator('p').textContent();
    const box = await first.locator('svg').boundingBox();
    // Image 0 lies in the middle of the first spiral.
    const middle = await first.evaluate((panel) => {
      const path = panel.querySelector('path')?.getAttribute('d') ?? '';
      return (/M(\d+) (\d+)/.exec(path) ?? []).slice(1).map((at) => Number(at) / 2000);
    });
    const at = {
      x: (box?.width ?? 0) * (middle[0] ?? 0),
      y: (box?.width ?? 0) * (middle[1] ?? 0),
    };
    await first.locator('svg').hover({ position: at });
    expect(await told()).toBe('"image" 0 <b>, ant');
    expect(await panels.nth(1).locator('.mark').getAttribute('visibility')).toBe('visible');
    expect(await panels.nth(1).locator('.drawing').isVisible()).toBe(false);
    await page.screenshot({ path: join(shots, `maps-${colorScheme}.png`), fullPage: true });
    await first.locator('svg').tap({ position: { x: at.x + 1, y: at.y } });
    expect(await drawing.isVisible()).toBe(true);
    await first.focus();
    await page.keyboard.press('ArrowRight');
    expect(await told()).not.toBe('"image" 0 <b>, ant');
    expect(await page.locator('.seen').textContent()).toBe(await told());
    await page.keyboard.press('Escape');
    expect(await drawing.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'cat' }).click();
    expect(await page.locator('path.faded').count()).toBe(2 * 4 * 2);
    await first.focus();
    await page.keyboard.press('ArrowLeft');
    expect(await told()).toMatch(/, cat$/);
    // The drawing is that of the image: of one grey, 2 x its number.
    const image = Number(/\d+/.exec((await told()) ?? '')?.[0]);
    const shot = await drawing.locator('div').screenshot();
    const { data, info } = await sharp(shot).raw().toBuffer({ resolveWithObject: true });
    const centre = ((info.height >> 1) * info.width + (info.width >> 1)) * info.channels;
    expect(Math.abs((data[centre] ?? 0) - 2 * image)).toBeLessThan(8);
    expect(troubles).toEqual([]);
    const poor = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    expect(poor).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByText('Point at a dot').isVisible()).toBe(false);
    await context.close();
  }, 60_000);
}
