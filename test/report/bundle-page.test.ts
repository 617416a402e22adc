import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { writeBundle } from '../../src/execute/bundle/write-bundle.js';
import { Store } from '../../src/execute/store/store.js';
import { bundlePage } from '../../src/report/page/single-page.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { fixtureRun } from './fixture-run.js';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

it('opens as the report, without a network and without a sign of what lies behind', async () => {
  const at = temporaryFolder();
  const { page } = await bundlePage(fixtureRun(join(at, 'store')));
  const hostile = '</plaintext></script><script>document.title = "evil"</script><h1>evil</h1>-->';
  const path = join(at, 'study.html');
  await writeBundle(path, new Store(join(at, 'store')), {
    page,
    manifest: { version: 1, file: 'study.ssp', set: {} },
    plan: {},
    sources: new Map([['study.ssp', Buffer.from(hostile)]]),
    records: [],
    largest: 0,
  });
  writeFileSync(join(at, 'page.html'), page);
  const executablePath = [process.env.CHROMIUM ?? '', ...PATHS].find((one) => existsSync(one));
  if (executablePath === undefined) throw new Error('no Chromium to open the bundle with');
  const browser = await chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  onTestFinished(() => browser.close());
  const shown = async (name: string) => {
    const tab = await browser.newPage();
    await tab.goto(pathToFileURL(join(at, name)).href);
    const headings = await tab.locator('h1, h2').allTextContents();
    const hidden = await tab.locator('plaintext').isHidden();
    const scripts = await tab.locator('script').count();
    return { title: await tab.title(), headings, hidden, scripts };
  };
  const plain = await shown('page.html');
  expect(plain).toMatchObject({ hidden: true, scripts: 0 });
  expect(plain.headings.length).toBeGreaterThan(3);
  expect(await shown('study.html')).toEqual(plain);
});
