#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// What `npx ssp` starts. A published package is built; a fresh checkout is built by its first use.
const main = new URL('../../dist/cli/main.js', import.meta.url);
if (!existsSync(main)) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  if (!existsSync(new URL('../../tsconfig.json', import.meta.url))) {
    process.stderr.write(`ssp: ${root} holds no dist/: it was packed before \`npm run build\`\n`);
    process.exit(1);
  }
  process.stderr.write('building ssp, once for this checkout\n');
  const built = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    // The result of the command is alone on stdout.
    stdio: ['ignore', 2, 2],
  });
  if (built.status !== 0) {
    process.stderr.write('ssp: the build failed; `npm install` and `npm run build` say more\n');
    process.exit(1);
  }
}
await import(main.href);
