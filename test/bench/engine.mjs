// The same DAG of small programs run by ssp, DVC and Snakemake, in turns and one job at a time: first
// with nothing there, then with nothing to do.
//   npm run bench:engine [-- POINTS …]
// 60 and 1,000 points unless given: half of them write a file, the other half copy one of these. The time
// is that of whole processes with all that they start; processor time is disturbed less by neighbours
// than the clock, and the table says the load. TURNS (3) says how many; medians are shown.
// PYTHON_ENGINE names a Python that has DVC and Snakemake; else one is made in a scratch folder.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import CliTable from 'cli-table3';
import { pythonWith } from './python-with.js';

const turns = Number(process.env.TURNS ?? 3);
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [60, 1000];
const packages = ['dvc', 'snakemake'];
const python = process.env.PYTHON_ENGINE ?? pythonWith('ssp-bench-engine', packages, packages);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const program = (name) => join(dirname(python), name);

const scripts = {
  'make.sh': 'mkdir -p $(dirname $2); echo $1 > $2\n',
  'copy.sh': 'mkdir -p $(dirname $2); cat $1 > $2\n',
};

const engines = [
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

/** Runs a command with all that it starts: seconds by the clock and of the processors. */
function timed([command, ...words], args, cwd) {
  const env = { ...process.env, NO_COLOR: '1', SSP_STORE: '', DVC_NO_ANALYTICS: '1' };
  const script = [here('engine_time.py'), command, ...words, ...args];
  const { status, stdout, stderr } = spawnSync(python, script, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stdout}${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const shown = (values) => median(values).toFixed(2);

const before = loadavg()[0];
const head = ['', 'points', 'cold s', 'processors s', 'nothing to do s', 'processors s'];
const table = new CliTable({ head, style: { head: [] } });
const scratch = mkdtempSync(join(tmpdir(), 'ssp-bench-engine-'));
try {
  for (const points of sizes) {
    const times = new Map(engines.map(({ name }) => [name, { cold: [], again: [] }]));
    for (let turn = 0; turn < turns; turn++) {
      for (const { name, command, prepare = [], run, files } of engines) {
        const folder = join(scratch, `${name}-${points}-${turn}`);
        mkdirSync(folder);
        for (const [file, text] of Object.entries({ ...scripts, ...files(points / 2) })) {
          writeFileSync(join(folder, file), text);
        }
        for (const args of prepare) timed(command, args, folder);
        times.get(name).cold.push(timed(command, run, folder));
        times.get(name).again.push(timed(command, run, folder));
        rmSync(folder, { recursive: true });
      }
    }
    for (const [name, { cold, again }] of times) {
      const numbers = [cold, again].flatMap((all) => [
        shown(all.map(({ wall }) => wall)),
        shown(all.map(({ cpu }) => cpu)),
      ]);
      table.push([name, points, ...numbers]);
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const versions = engines.map(({ name, command: [command, ...words], version }) => {
  const { stdout } = spawnSync(command, [...words, ...version], { encoding: 'utf8' });
  return `${name} ${stdout.trim()}`;
});
process.stdout.write(`${table}\n`);
process.stdout.write(
  `${cpus()[0]?.model}, Node ${process.version}, ${versions.join(', ')}; median of ${turns} turns, load average ${before.toFixed(1)} before, ${loadavg()[0].toFixed(1)} after\n`,
);
