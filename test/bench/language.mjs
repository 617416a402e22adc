// How long commands take as whole processes, on generated files: `npm run bench:language`, or with
// `-- plan` the cases with that in their name. BENCH_ROUNDS (7) sets how often each is timed.
// Times count on an idle machine only; the table says the load before and after, and how long the
// processors worked, all threads together, which depends less on what else they do. With
// BENCH_FOLDER the files are written there and kept, for `node --cpu-prof dist/cli/main.js …`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import CliTable from 'cli-table3';

const rounds = Number(process.env.BENCH_ROUNDS ?? 7);
const only = process.argv[2] ?? '';
const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const kept = process.env.BENCH_FOLDER;
const folder = kept ?? mkdtempSync(join(tmpdir(), 'ssp-bench-'));
mkdirSync(folder, { recursive: true });
const write = (name, text) => writeFileSync(join(folder, name), text);

/** 1,000 declarations on 5,000 lines: trainings of all kinds, with their probes, lets and comments. */
function wideStudy() {
  const head = [
    'import std.data.emoji',
    'import std.pairs.{semantic_pairs, augmented_pairs}',
    'import std.views.simclr_views',
    'import std.ssl.simclr',
    'import std.backbone.resnet18',
    'import std.optim.adamw',
    'import std.train.pretrain',
    'import std.probe.knn_probe',
    '',
    'param epochs: Int(1..) = 12',
    'axis seed = 1..3',
    'dataset drawings = emoji(size: 32px)',
    'axis pairs = {sp: semantic_pairs(drawings, seed: seed), ap: augmented_pairs(drawings, seed: seed)}',
    '',
  ];
  const part = (i) => [
    `/// Part ${i}: what the strength of the colours does.`,
    `let strength_${i} = 0.${i % 10} * 0.5 + 0.25`,
    '',
    `// The views of part ${i}.`,
    `transform views_${i} = simclr_views(`,
    '  size: 32px,',
    '  scale: 0.2..1.0,',
    `  strength: strength_${i},`,
    '  blur: 0%,',
    ')',
    '',
    `train encoder_${i} = pretrain(`,
    '  pairs,',
    `  views_${i},`,
    '  simclr(temperature: 20%, hidden: 128, dim: 64),',
    '  backbone: resnet18(width: 16, stem: "small-half"),',
    '  epochs,',
    '  optimizer: adamw(lr: 0.002, decay: 0.0001),',
    '  seed,',
    ')',
    '',
    `evaluate group_${i} = knn_probe(encoder_${i}, drawings, label: "group", k: ${1 + (i % 30)})`,
    '',
    `report table_${i} = table({top1: group_${i}.top1}, rows: pairs, over: seed)`,
    '',
  ];
  const lines = [...head];
  for (let i = 0; i < 198; i++) lines.push(...part(i));
  while (lines.length < 5000) lines.push('// …');
  return `${lines.join('\n')}\n`;
}

/** One data set and n points that each read it. */
const points = (n) => `import std.data.emoji
import std.pairs.augmented_pairs

axis seed = 1..${n}
dataset drawings = emoji(size: 32px)
dataset pairs = augmented_pairs(drawings, seed: seed)
`;

/** A grid of 10,000 points of a training, with what they need: 20,401 in all. */
const grid = `import std.data.emoji
import std.pairs.augmented_pairs
import std.views.simclr_views
import std.ssl.simclr
import std.backbone.resnet18
import std.train.pretrain
import std.probe.knn_probe

axis seed = 1..100
axis temperature = [10%, 20%, 30%, 40%, 50%, 60%, 70%, 80%, 90%, 100%]
axis width = [8, 12, 16, 24, 32, 48, 64, 96, 128, 192]
dataset drawings = emoji(size: 32px)
dataset pairs = augmented_pairs(drawings, seed: seed)
train encoder = pretrain(
  pairs,
  simclr_views(size: 32px),
  simclr(temperature: temperature),
  backbone: resnet18(width: width),
  seed,
)
evaluate group = knn_probe(encoder, drawings, label: "group")
report table_1 = table({top1: group.top1}, rows: [temperature, width], over: seed)
`;

/** Runs a study of n + 1 points once with made-up work, so that everything is in its store. */
async function fill(name, n, place) {
  const dist = (path) => import(new URL(`../../dist/${path}.js`, import.meta.url));
  const [{ compile }, { run }, { onMachine }, { execStage }, { Store }, { nodeDisk }] =
    await Promise.all([
      dist('language/compile'),
      dist('execute/schedule/run'),
      dist('execute/local/local-executor'),
      dist('execute/worker/exec-stage'),
      dist('execute/store/store'),
      dist('execute/store/disk'),
    ]);
  const text = points(n);
  write(name, text);
  const { program } = compile({ readText: () => text }, name);
  const unsynced = {
    write: (path, content) => nodeDisk.write(path, content, false),
    sync: () => {},
    syncMany: () => {},
    syncFolder: () => {},
  };
  const store = new Store(join(folder, place), { ...nodeDisk, ...unsynced });
  const loadStage = async () => async (context) => {
    writeFileSync(join(context.out, 'result.txt'), JSON.stringify(context.record.params));
    return {};
  };
  const { outcomes } = await run(program, {
    store,
    executor: onMachine({ jobs: 2 }, async ({ task, onEvent }) => {
      const { outcome } = await execStage({ key: task.key, store, loadStage, onEvent });
      return { kind: 'done', outcome };
    }),
    maxPoints: n,
    env: {},
    numeric: { device: 'cpu', precision: 'fp32' },
    cwd: folder,
    onEvent: () => {},
  });
  const failed = outcomes.find(({ outcome }) => outcome !== 'ran');
  if (failed) throw new Error(`${failed.planned.id}: ${failed.failure?.message}`);
}

const cases = [
  { name: 'ssp --help', args: ['--help'] },
  {
    name: 'ssp check, 1,000 declarations on 5,000 lines',
    args: ['check', 'wide.ssp'],
    bar: 0.6,
    make: () => write('wide.ssp', wideStudy()),
  },
  {
    name: 'ssp plan, 10,000 points of one stage',
    args: ['plan', 'points.ssp', '--store', 'empty'],
    bar: 2,
    make: () => write('points.ssp', points(9_999)),
  },
  {
    name: 'ssp plan, a grid with 10,000 trainings, 20,101 points',
    args: ['plan', 'grid.ssp', '--store', 'empty'],
    make: () => write('grid.ssp', grid),
  },
  {
    name: 'ssp run, 1,000 stages, nothing to do',
    args: ['run', 'done.ssp', '--store', 'store'],
    bar: 0.3,
    make: () => fill('done.ssp', 999, 'store'),
    says: '1000 hit',
  },
  {
    name: 'ssp run, 10,000 stages, nothing to do',
    args: ['run', 'done-10.ssp', '--store', 'store-10'],
    bar: 1.5,
    make: () => fill('done-10.ssp', 9_999, 'store-10'),
    says: '10000 hit',
  },
  {
    name: 'ssp plan, 100,000 points of one stage',
    args: ['plan', 'points-100.ssp', '--store', 'empty', '--points', '100000'],
    bar: 5,
    make: () => write('points-100.ssp', points(99_999)),
  },
];

/** Tells on a channel of its own how long a process has used the processors, and its peak in MB. */
const tellCpu = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs';
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    writeSync(3, (user + system) / 1e6 + ' ' + process.resourceUsage().maxRSS / 1024);
  });
`)}`;

function time({ args, says = '' }) {
  const env = { ...process.env, NO_COLOR: '1', SSP_STORE: '' };
  const started = performance.now();
  const command = ['--import', tellCpu, main, ...args];
  const stdio = ['ignore', 'pipe', 'pipe', 'pipe'];
  const done = spawnSync(process.execPath, command, { cwd: folder, env, stdio });
  const seconds = (performance.now() - started) / 1000;
  const err = done.stderr.toString();
  if (done.status !== 0 || !err.includes(says)) throw new Error(`ssp ${args.join(' ')}: ${err}`);
  const [cpu, peak] = done.output[3].toString().split(' ').map(Number);
  return { seconds, cpu, peak };
}

const before = loadavg()[0];
const table = new CliTable({
  head: ['', 'median s', 'fastest s', 'processors s', 'peak MB', 'bar s', ''],
  style: { head: [] },
});
try {
  for (const entry of cases.filter(({ name }) => name.includes(only))) {
    await entry.make?.();
    time(entry);
    const all = Array.from({ length: rounds }, () => time(entry));
    const sorted = (name) => all.map((one) => one[name]).sort((a, b) => a - b);
    const [times, cpu, peak] = [sorted('seconds'), sorted('cpu'), sorted('peak')];
    const median = times[times.length >> 1];
    const verdict = entry.bar === undefined ? '' : median <= entry.bar ? 'holds' : 'missed';
    const numbers = [median, times[0], cpu[cpu.length >> 1]].map((number) => number.toFixed(2));
    table.push([entry.name, ...numbers, peak.at(-1).toFixed(0), entry.bar ?? '', verdict]);
  }
} finally {
  if (kept === undefined) rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${table}\n`);
const load = `load average ${before.toFixed(1)} before, ${loadavg()[0].toFixed(1)} after`;
process.stdout.write(`Node ${process.version}, median of ${rounds} whole processes, ${load}\n`);
