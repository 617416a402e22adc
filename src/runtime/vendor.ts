import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/**
 * Copies what is used of `@tensorflow/tfjs-node-gpu` beside the build, the last step of
 * `npm run build`; `native-package.ts` says why.
 *
 * The copy requires `tfjs.cjs` where the package requires `@tensorflow/tfjs`: of that the core, the
 * gradients and the chained ops, bundled as it bundles them. Its layers, converters and browser
 * backends are 250 MB that nothing here uses.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const from = dirname(
  createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json'),
);
const place = fileURLToPath(new URL('../vendor/tfjs-node-gpu', import.meta.url));
// A program that starts meanwhile finds the old copy, or none and uses the package.
mkdirSync(dirname(place), { recursive: true });
const to = mkdtempSync(`${place}-`);

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

for (const name of scripts) {
  const text = readFileSync(join(from, name), 'utf8');
  const path = relative(dirname(name), 'tfjs.cjs');
  const changed = text.replaceAll('require("@tensorflow/tfjs")', `require("${path}")`);
  mkdirSync(dirname(join(to, name)), { recursive: true });
  writeFileSync(
    join(to, name),
    changed === text
      ? text
      : `// Changed for ssp: requires tfjs.cjs for @tensorflow/tfjs.\n${changed}`,
  );
}
cpSync(join(from, 'binding'), join(to, 'binding'), { recursive: true });
await bundle(
  [
    "import '@tensorflow/tfjs-core/dist/register_all_gradients';",
    "import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';",
  ],
  join(to, 'registrations.cjs'),
);
writeFileSync(
  join(to, 'tfjs.cjs'),
  [
    // First: gradients ask the core for flags as they register.
    "module.exports = require('@tensorflow/tfjs-core');",
    "require('./registrations.cjs');\n",
  ].join('\n'),
);
cpSync(join(root, 'LICENSE'), join(to, 'LICENSE'));
const { name, version, license, repository } = JSON.parse(
  readFileSync(join(from, 'package.json'), 'utf8'),
);
// No dependencies and no scripts: nothing installs it, and its files are CommonJS.
const kept = { name, version, license, repository, type: 'commonjs' };
writeFileSync(join(to, 'package.json'), `${JSON.stringify(kept, null, 2)}\n`);
chmodSync(to, 0o755);
if (!sameFiles(to, place)) {
  const old = `${to}-old`;
  if (existsSync(place)) renameSync(place, old);
  renameSync(to, place);
  rmSync(old, { recursive: true, force: true });
}
rmSync(to, { recursive: true, force: true });

/** Do two folders hold the same? A copy that stays is there for programs that run meanwhile. */
function sameFiles(a: string, b: string): boolean {
  const [ours, theirs] = [filesIn(a), filesIn(b)];
  return (
    ours.join('\0') === theirs.join('\0') &&
    ours.every((name) => readFileSync(join(a, name)).equals(readFileSync(join(b, name))))
  );
}

function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name: own }) => relative(folder, join(parentPath, own)))
    .sort();
}

/** One CommonJS file of some ES module lines, without the core itself: there is one of it. */
async function bundle(lines: readonly string[], file: string): Promise<void> {
  const entry = join(root, 'tfjs.mjs');
  const made = await rolldown({
    input: entry,
    external: ['@tensorflow/tfjs-core'],
    platform: 'node',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? lines.join('\n') : null),
      },
    ],
  });
  await made.write({ file, format: 'cjs' });
  await made.close();
}
