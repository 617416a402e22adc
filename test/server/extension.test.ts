import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import yauzl from 'yauzl';
import { temporaryFolder } from '../support/temporary-folder.js';
import { startClient } from './client.js';
import { study } from './study.js';

const build = fileURLToPath(new URL('../../grammar/vscode/build.mjs', import.meta.url));

/** Unpacks an archive; gives the names of its files. */
async function unpack(path: string, to: string): Promise<readonly string[]> {
  const archive = await promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(path, {
    lazyEntries: true,
  });
  const names: string[] = [];
  return new Promise((resolve, reject) => {
    archive.on('error', reject);
    archive.on('end', () => resolve(names));
    archive.on('entry', (entry: yauzl.Entry) => {
      names.push(entry.fileName);
      archive.openReadStream(entry, async (error, stream) => {
        if (error || !stream) return reject(error);
        const parts: Buffer[] = [];
        for await (const part of stream) parts.push(part as Buffer);
        mkdirSync(dirname(join(to, entry.fileName)), { recursive: true });
        writeFileSync(join(to, entry.fileName), Buffer.concat(parts));
        archive.readEntry();
      });
    });
    archive.readEntry();
  });
}

it('packs an extension whose server works alone', async () => {
  const folder = temporaryFolder();
  await promisify(execFile)(process.execPath, [build, join(folder, 'ssp.vsix')]);
  const names = await unpack(join(folder, 'ssp.vsix'), folder);
  const inside = join(folder, 'extension');
  const manifest = JSON.parse(readFileSync(join(inside, 'package.json'), 'utf8'));
  for (const path of [
    manifest.main,
    manifest.contributes.grammars[0].path,
    manifest.contributes.languages[0].configuration,
  ]) {
    expect(names).toContain(join('extension', path));
  }
  expect(names.some((name) => name.includes('node_modules'))).toBe(false);
  const client = await startClient({
    command: [join(inside, 'server/dist/bin/server.js'), 'lsp', '--stdio'],
    env: { NODE_PATH: '' },
  });
  const changed = client.hintsChanged();
  await client.open('a.ssp', study);
  expect((await client.diagnostics('a.ssp')).diagnostics).toEqual([]);
  await changed; // its thread plans too
  const version = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(client.server.serverInfo).toEqual({ name: 'ssp', version: version.version });
});
