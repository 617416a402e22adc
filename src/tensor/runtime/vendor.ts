import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Copies what is used of `@tensorflow/tfjs-node-gpu` beside the build (0.8 MB of its 3.5 MB), the
 * last step of `npm run build`; `native-package.ts` says why.
 */
const root = fileURLToPath(new URL('../../..', import.meta.url));
const from = dirname(
  createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json'),
);
const to = fileURLToPath(new URL('../../vendor/tfjs-node-gpu', import.meta.url));

const kernels = readdirSync(join(from, 'dist/kernels'))
  .filter((name) => name.endsWith('.js') && !name.endsWith('_test.js'))
  .map((name) => `dist/kernels/${name}`);
const scripts = [
  'dist/nodejs_kernel_backend.js',
  'dist/register_all_kernels.js',
  'dist/int64_tensors.js',
  'dist/proto/api_pb.js',
  ...kernels,
];

rmSync(to, { recursive: true, force: true });
for (const name of [...scripts, 'binding']) {
  cpSync(join(from, name), join(to, name), { recursive: true });
}
cpSync(join(root, 'LICENSE'), join(to, 'LICENSE'));
const { name, version, license, repository } = JSON.parse(
  readFileSync(join(from, 'package.json'), 'utf8'),
);
// No dependencies and no scripts: nothing installs it, and its files are CommonJS.
const kept = { name, version, license, repository, type: 'commonjs' };
writeFileSync(join(to, 'package.json'), `${JSON.stringify(kept, null, 2)}\n`);
