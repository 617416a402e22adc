/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeReport } from '../../src/report/html.js';
import { fixtureRun, hostileFindings } from './fixture-run.js';
import { openBrowser } from './open-browser.js';

const folder = mkdtempSync(join(tmpdir(), 'ssp-browser-'));
const shots = process.env.SSP_SCREENSHOTS ?? folder;
let browser: Browser;

beforeAll(async () => {
  await writeReport(join(folder, 'plain'), fixtureRun(join(folder, 'store')));
  const text = `</script><script>alert(1)</script><img src=x onerror=alert(1)>"'&`;
  const long = 'averylonglabelwithoutanyspacesthatnobodywouldwritebutsomebodywill'.repeat(3);
  await writeReport(
    join(folder, 'hostile'),
    fixtureRun(
      join(folder, 'store'),
      {
        title: `${text}\n\n${text}\n\n[link](javascript:alert(1)) ![picture](https://example.org/x.png)`,
        file: `${text}${long}`,
        texts: [`${text}${long}`, `${long}.ssp`].map((path) => ({
          path,
          text: `${text}\n${long}\n`,
        })),
        findings: hostileFindings(`${text} ${long}`),
        environment: { [text]: text, [long]: long },
      },
      [`${text}${long}`, text],
    ),
  );
  browser = await openBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const VIEWS = [
  ['plain', 390, 'light'],
  ['plain', 390, 'dark'],
  ['plain', 1280, 'light'],
  ['plain', 1280, 'dark'],
  ['hostile', 390, 'light'],
  ['hostile', 1280, 'dark'],
] as const;

for (const [report, width, colorScheme] of VIEWS) {
  it(`shows the ${report} report ${width} px wide in ${colorScheme} surroundings`, async () => {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
    });
    const page = await context.newPage();
    const troubles: string[] = [];
    page.on('console', (message) => troubles.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => troubles.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) troubles.push(`request: ${request.url()}`);
    });
    const url = pathToFileURL(join(folder, report, 'index.html')).href;
    await page.goto(url, { waitUntil: 'load' });
    await page.screenshot({
      path: join(shots, `${report}-${width}-${colorScheme}.png`),
      fullPage: true,
    });
    expect(troubles).toEqual([]);
    expect(await overflow(page)).toEqual([]);
    expect(await brokenImages(page)).toEqual([]);
    expect(await page.locator('script').count()).toBe(0);
    expect(await page.locator('[onerror], [onload], [onclick]').count()).toBe(0);
    expect(await unlabelled(page)).toEqual([]);
    expect(await poorContrast(page)).toEqual([]);
    await context.close();
  }, 60_000);
}

it('prints black on white, without navigation', async () => {
  const page = await browser.newPage({ colorScheme: 'dark' });
  await page.goto(pathToFileURL(join(folder, 'plain', 'index.html')).href);
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('nav').isVisible()).toBe(false);
  const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(paper).toBe('rgb(255, 255, 255)');
  const pdf = await page.pdf({ path: join(shots, 'plain.pdf'), format: 'A4' });
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  await page.close();
}, 60_000);

it('draws boxes inside of pictures, with what is said of each beneath', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(pathToFileURL(join(folder, 'plain', 'index.html')).href);
  const figures = page.locator('#detections .boxed figure');
  // Of each label of `b`, which a table is not averaged over: four that are best, one that is worst.
  expect(await figures.count()).toBe(10);
  const first = figures.first();
  await first.locator('svg').scrollIntoViewIfNeeded();
  const outside = await first.evaluate((figure) => {
    const picture = figure.querySelector('image')?.getBoundingClientRect();
    return [...figure.querySelectorAll('svg rect')].filter((rect) => {
      const { left, top, right, bottom } = rect.getBoundingClientRect();
      if (!picture || right - left < 1) return true;
      return (
        left < picture.left - 3 ||
        top < picture.top - 3 ||
        right > picture.right + 3 ||
        bottom > picture.bottom + 3
      );
    }).length;
  });
  expect(outside).toBe(0);
  expect(await first.locator('li').allInnerTexts()).toEqual([
    '1 cat, score 0.98, IoU 0.49: right',
    '2 cat, score 0.60, IoU 0.30: again',
    'A dog, found, best IoU 0.70',
    'B cat, difficult, not found, best IoU 0.20',
  ]);
  // What was found is solid, what is there dashed, what is difficult dotted.
  const dashes = await first
    .locator('svg rect[stroke-dasharray]')
    .evaluateAll((rects) => rects.map((rect) => rect.getAttribute('stroke-dasharray')));
  expect(dashes).toEqual(['7 4', '2 3']);
  const file = pathToFileURL(join(folder, 'plain', 'figures', 'boxes-best-b-left.svg')).href;
  await page.goto(file);
  const text = await page.locator('svg').first().textContent();
  expect(text).toContain('boxes, b=left, best: boxes that are right');
  expect(await page.locator('image').count()).toBe(4);
  await page.screenshot({ path: join(shots, 'boxes-file.png') });
  await page.close();
}, 60_000);

/** Boxes that stick out of the page to the right and do not scroll inside their parent. */
function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    return [...document.querySelectorAll('body *')]
      .filter(
        (e) => e.getBoundingClientRect().right > root.clientWidth && !e.closest('.scroll, pre'),
      )
      .map((e) => `${e.tagName} ${e.className} ${e.textContent?.slice(0, 40)}`);
  });
}

function brokenImages(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.images]
      .filter((image) => !image.complete || image.naturalWidth === 0)
      .map((image) => image.alt),
  );
}

/** Pictures without a text alternative, tables without heads, regions without names, anchors to nowhere. */
function unlabelled(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const without = (selector: string) =>
      [...document.querySelectorAll(selector)].map((e) => e.outerHTML.slice(0, 120));
    const dangling = [...document.querySelectorAll('nav a')]
      .map((a) => a.getAttribute('href') ?? '')
      .filter((href) => !document.getElementById(href.slice(1)));
    return [
      ...without('img:not([alt]), img[alt=""]'),
      ...without('.panels > svg:not([aria-label]), .boxed svg:not([aria-label])'),
      ...without('[role=region]:not([aria-label])'),
      ...without('table.book:not(:has(th[scope]))'),
      ...dangling,
    ];
  });
}

/** Texts under 4.5:1 against the nearest painted background. */
function poorContrast(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const parse = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (colour: readonly number[]) =>
      [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
        const c = (colour[i] ?? 0) / 255;
        return sum + weight * (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
      }, 0);
    const background = (element: Element): readonly number[] => {
      for (let e: Element | null = element; e; e = e.parentElement) {
        const colour = parse(getComputedStyle(e).backgroundColor);
        if ((colour[3] ?? 1) > 0 && colour.length >= 3) return colour;
      }
      return [255, 255, 255];
    };
    const poor: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!element || !node.textContent?.trim()) continue;
      const style = getComputedStyle(element);
      const ink = parse(element instanceof SVGElement ? style.fill : style.color);
      const [a, b] = [luminance(ink), luminance(background(element))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${element.tagName} ${node.textContent}`);
    }
    return poor;
  });
}
