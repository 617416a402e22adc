// `npm run build`: compiles into builds/ID/, a package of its own with `dist/`, `stdlib/` and what else
// it reads, and then lets `dist` point there. A build never changes: who runs from one stays on it,
// with the workers that it starts, whatever is built meanwhile. ID is a digest of the sources, so
// that the same sources are one build.
//
//   node build.mjs               builds
//   node build.mjs --unchecked   builds although the types do not fit: to generate sources from it
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const builds = join(root, 'builds');
const dist = join(root, 'dist');
/** What goes into a package beside `dist/`, as `files` of package.json says. */
const beside = [
  'package.json',
  'LICENSE',
  'README.md',
  'stdlib',
  'grammar',
  'pipelines',
  'src/cli/ssp.js',
];
/** What a build is made of. */
const sources = [...beside, 'src', 'package-lock.json', 'tsconfig.json', 'build.mjs', 'join.mjs'];
/** A build that was current a while ago may have just been started from. Milliseconds. */
const fresh = 10 * 60_000;

const unchecked = process.argv.includes('--unchecked');
mkdirSync(builds, { recursive: true });
let id = digest();
for (let tries = 1; !existsSync(join(builds, id)); tries++) {
  const made = compiled();
  const after = digest();
  if (after === id) {
    place(made, join(builds, id));
    break;
  }
  // A pull or an editor came in between: what was compiled is neither the old nor the new source.
  rmSync(made, { recursive: true, force: true });
  id = after;
  if (tries === 5) fail('the sources change while they are built: build again');
}
point(join(builds, id));
await prune();

/** Of the names and contents of all sources; types that do not fit make another build. */
function digest() {
  const hash = createHash('sha256');
  for (const file of sources.flatMap(filesOf).sort()) {
    const content = readFileSync(join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return `${hash.digest('hex').slice(0, 16)}${unchecked ? '-unchecked' : ''}`;
}

function filesOf(path) {
  const at = join(root, path);
  if (!statSync(at).isDirectory()) return [path];
  return readdirSync(at, { withFileTypes: true }).flatMap((entry) =>
    entry.name === 'node_modules' ? [] : filesOf(`${path}/${entry.name}`),
  );
}

/** A whole build in a folder that nobody knows yet. */
function compiled() {
  const folder = mkdtempSync(join(builds, '.new-'));
  chmodSync(folder, 0o755);
  for (const path of beside) cpSync(join(root, path), join(folder, path), { recursive: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const ends = [
    node([tsc, '-p', root, '--noEmit', 'false', '--outDir', join(folder, 'dist')], unchecked),
    node([join(folder, 'dist/runtime/vendor.js')], false),
    node([join(root, 'join.mjs'), join(folder, 'dist')], false),
  ];
  if (ends.includes(false)) {
    rmSync(folder, { recursive: true, force: true });
    process.exit(1);
  }
  chmodSync(join(folder, 'dist/cli/main.js'), 0o755);
  writeFileSync(join(folder, 'dist/build-id'), id);
  return folder;
}

/** Runs a script; says whether it ended well. */
function node(words, mayFail) {
  const stdio = mayFail ? 'ignore' : 'inherit';
  const { status } = spawnSync(process.execPath, words, { cwd: root, stdio });
  return status === 0 || mayFail;
}

/** Gives a build its name; another that makes the same one may have been quicker. */
function place(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
    rmSync(from, { recursive: true, force: true });
  }
}

/** Lets `dist` point to a build, at once: there is no moment without one. */
function point(build) {
  const now = new Date();
  // The one that was current begins to age.
  if (existsSync(dist)) utimesSync(join(dist, '..'), now, now);
  const target = relative(root, join(build, 'dist'));
  const link = join(mkdtempSync(join(builds, '.link-')), 'dist');
  symlinkSync(target, link, 'dir');
  for (let tries = 1; ; tries++) {
    try {
      // A checkout of before has a folder there.
      if (lstatSync(dist, { throwIfNoEntry: false })?.isDirectory()) {
        const old = mkdtempSync(join(builds, '.old-'));
        renameSync(dist, join(old, 'dist'));
        rmSync(old, { recursive: true, force: true });
      }
      renameSync(link, dist);
      break;
    } catch (error) {
      if (tries === 5) throw error;
    }
  }
  rmSync(dirname(link), { recursive: true, force: true });
}

/**
 * Removes builds that are not current, were not for a while, and that no living process runs from;
 * and what builds that were killed have left.
 */
async function prune() {
  const { isHeld } = await import(pathToFileURL(join(dist, 'cli/hold-build.js')).href);
  for (const name of readdirSync(builds)) {
    const path = join(builds, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (name === id || age < fresh || isHeld(path)) continue;
    rmSync(path, { recursive: true, force: true });
  }
}

function fail(message) {
  process.stderr.write(`build: ${message}\n`);
  process.exit(1);
}
