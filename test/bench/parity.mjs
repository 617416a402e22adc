// Writes docs/parity.md: how far every part is from its independent reference, as the tests measure it
// here: `npm run parity`. `node test/bench/parity.mjs REPORT` writes it from what tests that ran with
// PARITY_REPORT=REPORT measured, one part after another.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs all tests that measure, into a report. */
function measured() {
  const report = join(mkdtempSync(join(tmpdir(), 'ssp-parity-')), 'report.jsonl');
  writeFileSync(report, '');
  const { status } = spawnSync('npx', ['vitest', 'run', 'test/tensor', 'test/library'], {
    env: { ...process.env, PARITY_REPORT: report },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('a test failed: `npm test` says which');
  return report;
}

const [given] = process.argv.slice(2);
const rows = readFileSync(given ?? measured(), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

/** The script that made a fixture: the one that names it. */
const scripts = readdirSync('test/fixtures/parity').filter((name) => /^make_.*\.py$/.test(name));
const sources = new Map(
  scripts.map((name) => [name, readFileSync(join('test/fixtures/parity', name), 'utf8')]),
);
const scriptOf = (fixture) => {
  const stem = fixture.split('-')[0];
  const named = `make_${stem.replace(/\d+$/, '')}.py`;
  return scripts.includes(named)
    ? named
    : (scripts.find((name) => sources.get(name)?.includes(stem)) ?? '');
};
const linkTo = (script) => `[${script}](../test/fixtures/parity/${script})`;
const exponent = (value) => (value === 0 ? '0' : value.toExponential(0));
const table = rows
  .toSorted((a, b) => (a.item < b.item ? -1 : 1))
  .map(({ item, references, tolerance, measured }) => {
    const made = [...new Set(references.map(scriptOf))].filter((name) => name !== '').map(linkTo);
    // Where there is no fixture, a compiled step is compared with the same in single ops.
    const reference = made.length === 0 ? 'the same step, op by op' : made.join(', ');
    return `| ${item} | ${reference} | ${exponent(tolerance)} | ${measured === 0 ? '0' : measured.toExponential(1)} |`;
  });
writeFileSync(
  'docs/parity.md',
  `# Parity

Every loss, layer, optimiser, schedule, transform and evaluation is compared with an independent reference,
values and gradients: PyTorch, torchvision or scikit-learn in float64, or the official formulas written down again. Each
reference is a small stored file beside the script that made it, so that the tests need neither.

Differences are relative to the largest magnitude of the reference. *Tolerance* is what the test
allows, *measured* the largest difference of all its cases here. Float32 keeps 24 bits, 6e-8; sums over
many numbers and deep networks lose some of them. \`npm run parity\` measures again and writes this page.

*50 steps* of a method are a trajectory: each method by its official recipe, with its optimiser, schedule, teacher,
queue, memory or clusters, beside a loop of PyTorch from the same weights and views. Rounding grows as it trains, so
these rows are measured by PyTorch itself: 1 is as far as its own float32 runs are from its float64 run by then.

| item | reference | tolerance | measured |
|---|---|---|---|
${table.join('\n')}
`,
);
console.log(`docs/parity.md: ${table.length} items`);
