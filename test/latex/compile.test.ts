import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { writeReport } from '../../src/report/html.js';
import { fixtureRun, hostileFindings } from '../report/fixture-run.js';
import { namedStudy } from '../support/named-study.js';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

beforeAll(() => {
  for (const program of ['pdflatex', 'pdftotext']) {
    if (spawnSync(program, ['-v']).error === undefined) continue;
    throw new Error(
      `no ${program}: install LaTeX and poppler (Debian: apt-get install texlive-latex-recommended texlive-science poppler-utils)`,
    );
  }
});

/** The text of the report's PDF, with lines as they stand; fails with what LaTeX said. */
function pdfText(folder: string): string {
  for (const round of ['first', 'second']) {
    const args = ['-interaction=nonstopmode', '-halt-on-error', 'report.tex'];
    const { status, stdout } = spawnSync('pdflatex', args, { cwd: folder, encoding: 'utf8' });
    const said = stdout.split('\n').filter((line) => /^!|Undefined|undefined|^l\.\d/.test(line));
    if (status !== 0) throw new Error(`${round} run of LaTeX: ${said.join('\n') || stdout}`);
  }
  const read = spawnSync('pdftotext', ['-layout', 'report.pdf', '-'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(read.status).toBe(0);
  return read.stdout.replace(/ ?± ?/g, ' ± ');
}

it('compiles, and says what the lock says', async () => {
  const folder = namedStudy(temporaryFolder());
  await ssp(folder, ['run', 'study.ssp']);
  await ssp(folder, ['report', 'study.ssp', '-o', 'report']);
  const text = pdfText(join(folder, 'report'));
  const lock = parse(readFileSync(join(folder, 'study.ssp.lock'), 'utf8'));
  const points: Record<string, { metrics: { top1: number } }> = lock.stages ?? lock.points;
  const metric = (at: RegExp) =>
    Object.entries(points).flatMap(([id, { metrics }]) =>
      at.test(id) ? [metrics.top1 * 100] : [],
    );
  for (const pairs of ['sp', 'ap']) {
    for (const on of ['0', '2']) {
      const values = metric(new RegExp(`method=simclr,on=${on},pairs=${pairs},`));
      expect(values).toHaveLength(4);
      const mean = values.reduce((a, b) => a + b) / 4;
      const std = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 3);
      const digits = std < 1 ? 2 : std < 10 ? 1 : 0;
      const row = text.split('\n').find((line) => /^\s*SimCLR/.test(line));
      expect(row).toContain(`${mean.toFixed(digits)} ± ${std.toFixed(digits)}`);
    }
  }
  for (const name of ['Semantic pairs (%)', 'CIFAR-10', 'STL-10 & more', '83.6', 'R&D']) {
    expect(text).toContain(name);
  }
});

it('compiles whatever names say', async () => {
  const folder = temporaryFolder();
  const text = '\\input{/etc/passwd} \\end{table} %$&#_{}~^ "quoted" `x` 猫 €– \u202e';
  await writeReport(
    join(folder, 'report'),
    fixtureRun(join(folder, 'store'), {
      title: `${text}\n\n${text}`,
      findings: hostileFindings(text),
    }),
  );
  expect(pdfText(join(folder, 'report'))).toContain('\\input{/etc/passwd}');
});

it('shows the usual signs and letters, in text and in code', async () => {
  const folder = temporaryFolder();
  const named =
    'It’s “quoted” ‘once’ „so“ «so» • § € £ ™ ½ ⅔ π θ ρ Δ Σ Ω ς ά ↑ ↓ ← ⇒ √ ∈ ∑ x² x₂ −1 ±';
  const people = 'Łukasz Piękoś Đorđe Şahin Győr Ðóra Nguyễn Trần';
  const latin = Array.from({ length: 0x180 - 0xc0 }, (_, i) => String.fromCodePoint(0xc0 + i));
  const text = `${named} ${people} ${latin.join(' ')}`;
  await writeReport(
    join(folder, 'report'),
    fixtureRun(join(folder, 'store'), {
      title: `${text}\n\n\`${text}\``,
      findings: hostileFindings('It’s “ć” ő Σ'),
    }),
  );
  const shown = pdfText(join(folder, 'report')).normalize('NFC');
  // what has another font than Computer Modern may be a picture of a letter, without text
  for (const part of 'It’s “quoted” ‘once’ § π θ ρ ∆ Σ ↑ ↓ ← ⇒ √ ∈ Şahin “ć”'.split(' ')) {
    expect(shown).toContain(part);
  }
  // the few of these letters that no font of plain LaTeX has
  const numbers = new Set(shown.match(/U\+[0-9A-F]{4}/g));
  const without = [...numbers].map((one) => Number.parseInt(one.slice(2), 16));
  expect(String.fromCodePoint(...without)).toBe('ĦħĸŦŧſ');
});
