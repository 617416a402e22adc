// Builds the extension from `dist/` and packs it: node grammar/vscode/build.mjs [file.vsix]
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX } from '@vscode/vsce';
import { rolldown } from 'rolldown';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const target = resolve(process.argv[2] ?? join(root, `ssp-${version}.vsix`));
const stage = mkdtempSync(join(tmpdir(), 'ssp-vsix-'));
const bundled = new Set();

/** In an installation these packages are found when they are loaded; here they are bundled. */
const found = {
  'dist/language/lex/chevrotain.js': `export * from ${JSON.stringify(
    join(root, 'node_modules/chevrotain/lib/chevrotain.mjs'),
  )};`,
  'dist/base/statistics/load-jstat.js':
    "import jstat from 'jstat'; export const jStat = () => jstat.jStat;",
};
const packages = {
  name: 'packages',
  load: (id) => Object.entries(found).find(([end]) => id.endsWith(end))?.[1] ?? null,
};

/** Bundles and remembers which packages went in. */
async function bundle(input, output) {
  const made = await rolldown({ platform: 'node', plugins: [packages], ...input });
  const { output: chunks } = await made.write({ minify: true, ...output });
  for (const { moduleIds = [] } of chunks) {
    for (const id of moduleIds) {
      const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(id) ?? [];
      if (name) bundled.add(name);
    }
  }
  await made.close();
}

/** The licences of what is bundled, as they ask for. */
function notices() {
  return [...bundled].sort().map((name) => {
    const folder = join(root, 'node_modules', name);
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const { license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const text = file ? readFileSync(join(folder, file), 'utf8') : `Licence: ${license}`;
    return `# ${name}\n\n${text.trim()}\n`;
  }).join('\n');
}

try {
  for (const name of ['package.json', 'language-configuration.json', 'README.md']) {
    cpSync(join(here, name), join(stage, name));
  }
  cpSync(join(root, 'grammar/ssp.tmLanguage.json'), join(stage, 'ssp.tmLanguage.json'));
  await bundle(
    { input: join(here, 'client.mjs'), external: ['vscode'] },
    { file: join(stage, 'client.cjs'), format: 'cjs' },
  );
  // The server finds `../../stdlib` and `../../package.json`, and its thread beside itself, as in
  // an installation.
  await bundle(
    {
      input: { server: join(here, 'server.mjs'), 'plan-thread': join(root, 'dist/cli/editor/plan-thread.js') },
    },
    {
      dir: join(stage, 'server/dist/bin'),
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: '[name].js',
    },
  );
  cpSync(join(root, 'stdlib'), join(stage, 'server/stdlib'), { recursive: true });
  writeFileSync(
    join(stage, 'server/package.json'),
    `${JSON.stringify({ type: 'module', version })}\n`,
  );
  writeFileSync(join(stage, 'NOTICES.txt'), notices());
  writeFileSync(join(stage, '.vscodeignore'), '');
  const license = join(root, 'LICENSE');
  if (existsSync(license)) cpSync(license, join(stage, 'LICENSE'));
  await createVSIX({
    cwd: stage,
    packagePath: target,
    version,
    updatePackageJson: false,
    gitTagVersion: false,
    dependencies: false,
    allowMissingRepository: true,
    skipLicense: !existsSync(license),
  });
} finally {
  rmSync(stage, { recursive: true, force: true });
}
