// Joins what every start of ssp loads: `node join.mjs DIST`, once the compiler has written DIST.
//
// Node takes about a millisecond for each module, however small, and a run needs three hundred. So the modules
// that an entry imports become one file in `joined/`, and those that a later entry needs besides
// the next. What a run has in common with its workers and their stages is one more, so that a worker loads
// nothing of the language. A file of such a module is still where it was, and passes on what is in the joined
// one: each module is there once, whoever imports it. All other modules stay as the compiler wrote them.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const dist = resolve(process.argv[2]);
const at = (path) => join(dist, path);

/** What is started, from the least on. */
const starts = {
  start: ['cli/main.js', 'cli/commands/run.js'],
  engine: ['cli/run/run-study.js'],
  worker: ['cli/waiting-worker.js'],
};
/** Stay files of their own: the extension of the editor has others in their place. */
const apart = ['language/lex/chevrotain.js', 'base/statistics/load-jstat.js'].map(at);

const imported = /^(?:import|export)\s[^'"]*?from\s+'(\.[^']+)'|^import\s+'(\.[^']+)'/gm;

/** All modules of ours that one imports, and they in turn, but not what is loaded when it is needed. */
function importsOf(file, found = new Set()) {
  if (found.has(file) || apart.includes(file)) return found;
  found.add(file);
  for (const [, from, bare] of readFileSync(file, 'utf8').matchAll(imported)) {
    importsOf(resolve(dirname(file), from ?? bare), found);
  }
  return found;
}

/** All that the stages of the library import. */
function importsOfStages() {
  const stages = readdirSync(at('library'), { recursive: true }).filter((n) => n.endsWith('.js'));
  return stages.flatMap((name) => [...importsOf(at(`library/${name}`))]);
}

/** The joined file of a module, by its path. As none is imported by one before its own, they make no circle. */
const place = new Map();
const entries = new Set(Object.values(starts).flat().map(at));
const [start, engine, worker] = Object.values(starts).map((files) =>
  files.flatMap((entry) => [...importsOf(at(entry))]),
);
const elsewhere = new Set([...worker, ...importsOfStages()]);
const common = engine.filter((file) => elsewhere.has(file));
for (const [name, files] of Object.entries({ start, common, engine, worker })) {
  for (const file of files) if (!entries.has(file) && !place.has(file)) place.set(file, name);
}
for (const name of readdirSync(at('cli/commands'))) {
  if (name.endsWith('.js')) entries.add(at(`cli/commands/${name}`));
}
const inside = new Set([...place.keys(), ...entries]);

const own = {
  name: 'own',
  resolveId(source, from) {
    const id = from && source.startsWith('.') ? resolve(dirname(from), source) : source;
    return { id, external: !inside.has(id) };
  },
  /** A module knows itself by its own place. */
  transform(code, id) {
    if (!place.has(id) || !code.includes('import.meta.url')) return null;
    const url = `new URL(${JSON.stringify(`../${relative(dist, id)}`)}, import.meta.url).href`;
    return { code: code.replaceAll('import.meta.url', url) };
  },
};
const made = await rolldown({
  input: Object.fromEntries([...inside].map((id) => [relative(dist, id).slice(0, -3), id])),
  platform: 'node',
  preserveEntrySignatures: 'allow-extension',
  plugins: [own],
  checks: { pluginTimings: false },
});
const names = [...new Set(place.values())];
const groups = names.map((name) => ({ name, test: (id) => place.get(id) === name }));
await made.write({
  dir: dist,
  entryFileNames: '[name].js',
  chunkFileNames: 'joined/[name].js',
  codeSplitting: { includeDependenciesRecursively: false, groups },
});
await made.close();
// They are of what the compiler wrote.
for (const id of inside) if (existsSync(`${id}.map`)) rmSync(`${id}.map`);
