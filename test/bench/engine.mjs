// The same DAG of small programs run by ssp, DVC and Snakemake, in turns and one job at a time: first
// with nothing there, then with nothing to do.
//   npm run bench:engine [-- POINTS … ENGINE …]
// All three unless some are named (`ssp Snakemake`: DVC does not end 1,000 in ten minutes), and 60 and 1,000 points unless given: half of them write a file, the other half copy one of these. The time
// is that of whole processes with all that they start; processor time is disturbed less by neighbours
// than the clock, and the table says the load. COLD (2) says how many turns there are with nothing there,
// TURNS (5) how many with nothing to do after each. Medians are shown with the least and the most, so that one
// sees how far each is off itself, and how many times ssp's a peer's median is; of the runs with nothing to do
// the first of each turn stands apart: ssp tells later ones from what that was answered.
// Each time is written as it is measured into BENCH_RESULTS (bench-engine.jsonl in the folder for temporary
// files), and what is there of these versions, this build and this machine is not measured again: a bench
// that was stopped goes on. Remove it to begin anew.
// PYTHON_ENGINE names a Python that has DVC and Snakemake; else one is made in a scratch folder.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { cpus, hostname, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import CliTable from 'cli-table3';
import { pythonWith } from './python-with.js';
import { median } from './turns.js';

const turns = Number(process.env.TURNS ?? 5);
const coldTurns = Number(process.env.COLD ?? 2);
const results = process.env.BENCH_RESULTS ?? join(tmpdir(), 'bench-engine.jsonl');
const words = process.argv.slice(2);
const given = words.filter((word) => /^\d+$/.test(word)).map(Number);
const sizes = given.length > 0 ? given : [60, 1000];
const packages = ['dvc', 'snakemake'];
const python = process.env.PYTHON_ENGINE ?? pythonWith('ssp-bench-engine', packages, packages);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const program = (name) => join(dirname(python), name);

const scripts = {
  'make.sh': 'mkdir -p $(dirname $2); echo $1 > $2\n',
  'copy.sh': 'mkdir -p $(dirname $2); cat $1 > $2\n',
};

const all = [
  {
    name: 'ssp',
    command: [process.execPath, here('../../dist/cli/main.js')],
    version: ['--version'],
    run: ['run', 'study.ssp', '--store', 'store', '--jobs', '1'],
    files: (half) => ({
      'study.ssp': `axis n = 1..${half}
extern stage make(n: Int) -> Files command "sh make.sh {n} {out}/x" reads: ["make.sh"]
extern stage copy(of: Files) -> Files command "sh copy.sh {of}/x {out}/x" reads: ["copy.sh"]
dataset first = make(n)
dataset second = copy(first)
`,
    }),
  },
  {
    name: 'DVC',
    command: [program('dvc')],
    version: ['--version'],
    prepare: [
      ['init', '--no-scm', '--quiet'],
      ['config', 'core.analytics', 'false'],
    ],
    run: ['repro'],
    files: (half) => {
      const items = JSON.stringify(Array.from({ length: half }, (_, i) => i + 1));
      return {
        'dvc.yaml': `stages:
  first:
    foreach: ${items}
    do:
      cmd: sh make.sh \${item} first/\${item}
      deps: [make.sh]
      outs: ['first/\${item}']
  second:
    foreach: ${items}
    do:
      cmd: sh copy.sh first/\${item} second/\${item}
      deps: [copy.sh, 'first/\${item}']
      outs: ['second/\${item}']
`,
      };
    },
  },
  {
    name: 'Snakemake',
    command: [program('snakemake')],
    version: ['--version'],
    run: ['--cores', '1'],
    files: (half) => ({
      Snakefile: `rule all:
    input: expand("second/{n}", n=range(1, ${half} + 1))
rule first:
    input: script="make.sh"
    output: "first/{n}"
    shell: "sh {input.script} {wildcards.n} {output}"
rule second:
    input: script="copy.sh", of="first/{n}"
    output: "second/{n}"
    shell: "sh {input.script} {input.of} {output}"
`,
    }),
  },
];

const named = all.filter(({ name }) => words.includes(name));
const engines = named.length > 0 ? named : all;

/** Runs a command with all that it starts: seconds by the clock and of the processors. */
function timed([command, ...words], args, cwd) {
  const env = { ...process.env, NO_COLOR: '1', SSP_STORE: '', DVC_NO_ANALYTICS: '1' };
  const script = [here('engine_time.py'), command, ...words, ...args];
  const { status, stdout, stderr } = spawnSync(python, script, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stdout}${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

/** What is measured: another version, or the same on another machine, is measured anew. */
const machine = `${hostname()}, ${cpus().length} of ${cpus()[0]?.model}, Node ${process.version}`;
const build = readFileSync(here('../../dist/build-id'), 'utf8').trim();
for (const engine of engines) {
  const { command, version } = engine;
  const [program, ...words] = command;
  const { status, stdout } = spawnSync(program, [...words, ...version], { encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`${program} does not start: name another Python in PYTHON_ENGINE`);
  engine.is = `${engine.name} ${stdout.trim()}${engine.name === 'ssp' ? ` (build ${build})` : ''}`;
}

/** What was measured, by engine, points and turn: once for each. */
const known = existsSync(results)
  ? readFileSync(results, 'utf8')
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  : [];
const measured = (of) =>
  known.filter((one) => Object.entries(of).every(([name, value]) => one[name] === value));

/** Times an engine with nothing there, waits until what it wrote is old, and times it with nothing to do. */
async function turnOf({ is, command, prepare = [], run, files }, points, turn, folder) {
  mkdirSync(folder);
  for (const [file, text] of Object.entries({ ...scripts, ...files(points / 2) })) {
    writeFileSync(join(folder, file), text);
  }
  for (const args of prepare) timed(command, args, folder);
  const load = loadavg()[0];
  const cold = timed(command, run, folder);
  // As somebody who comes back: what is younger than two seconds is never taken as it was.
  await sleep(3000);
  const again = Array.from({ length: turns }, () => timed(command, run, folder));
  const one = { engine: is, machine, points, turn, turns, load, cold, again };
  known.push(one);
  appendFileSync(results, `${JSON.stringify(one)}\n`);
  rmSync(folder, { recursive: true });
}

/** `1.45 (1.41 to 1.52)`. */
const shown = (values) =>
  `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;

const before = loadavg()[0];
const scratch = mkdtempSync(join(tmpdir(), 'ssp-bench-engine-'));
try {
  for (const points of sizes) {
    for (let turn = 0; turn < coldTurns; turn++) {
      for (const engine of engines) {
        if (measured({ engine: engine.is, machine, points, turn, turns }).length > 0) continue;
        await turnOf(engine, points, turn, join(scratch, `${engine.name}-${points}-${turn}`));
      }
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
/** What is asked of each engine, and what of a turn answers it. */
const questions = {
  'nothing there': ({ cold }) => [cold],
  'nothing to do, first': ({ again }) => again.slice(0, 1),
  'nothing to do, again': ({ again }) => again.slice(1),
};
const head = ['points', '', '', 'seconds', 'of ssp', 'of the processors', 'of ssp', 'load'];
const table = new CliTable({ head, style: { head: [], border: [] } });
const slower = [];
for (const points of sizes) {
  for (const [question, answers] of Object.entries(questions)) {
    const ours = {};
    for (const { name, is } of engines) {
      const taken = measured({ engine: is, machine, points, turns });
      const times = taken.flatMap(answers);
      if (times.length === 0) continue;
      const cells = ['wall', 'cpu'].flatMap((of) => {
        const values = times.map((time) => time[of]);
        ours[of] ??= median(values);
        const ratio = median(values) / ours[of];
        const measure = of === 'wall' ? 'by the clock' : 'of the processors';
        if (ratio < 1) slower.push(`${points} points, ${question}, ${measure}: ${name}`);
        return [shown(values), name === 'ssp' ? '' : `${ratio.toFixed(1)} times`];
      });
      const loads = taken.map(({ load }) => load.toFixed(1)).join(' ');
      table.push([points, question, name, ...cells, loads]);
    }
  }
}
const versions = engines.map(({ is }) => is).join(', ');
process.stdout.write(`${table}\n`);
process.stdout.write(
  `${machine}, ${versions}; medians (least to most) of ${coldTurns} turns with nothing there and ${turns} runs after each with nothing to do, load average ${before.toFixed(1)} before, ${loadavg()[0].toFixed(1)} after\n`,
);
process.stdout.write(
  slower.length === 0
    ? 'ssp is slower than none of them anywhere\n'
    : `ssp is slower than a peer:\n${slower.map((line) => `  ${line}\n`).join('')}`,
);
