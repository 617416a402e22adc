import type { StageOutcome } from '../../execute/record.js';
import { type ReportContent, shownEnvironment } from '../content.js';
import { durationText } from '../numbers/format-number.js';
import { byStage, onePerKey, pointText } from '../points.js';
import { scroll } from '../tables/table-section.js';
import { type Markup, markup, NOTHING } from './markup.js';

const OUTCOMES = {
  hit: 'reused',
  ran: 'computed',
  locked: 'from the lock',
  failed: 'failed',
  skipped: 'skipped',
  dropped: 'not gone on with',
} as const;

/** Every stage with point, key, outcome, time and metrics; failures open, the rest folded. */
export function stageSection(outcomes: readonly StageOutcome[]): Markup {
  if (outcomes.length === 0) return NOTHING;
  const groups = [...byStage(outcomes)].map(([name, members]) => {
    const counts = Object.entries(OUTCOMES).flatMap(([outcome, word]) => {
      const count = members.filter((m) => m.outcome === outcome).length;
      return count === 0 ? [] : [`${count} ${word}`];
    });
    const seconds = onePerKey(members).reduce((sum, m) => sum + m.seconds, 0);
    const versions = new Set(
      members.map(({ planned: { stage, version } }) => `${stage}, version ${version}`),
    );
    const version = [...versions].join('; ');
    const summary = markup`<summary><strong>${name}</strong> (${version}): ${counts.join(', ')}; ${durationText(seconds)}</summary>`;
    const failed = members.some((m) => m.outcome === 'failed');
    const inner = markup`${summary}${scroll(`Points of ${name}`, pointTable(members))}`;
    return failed ? markup`<details open>${inner}</details>` : markup`<details>${inner}</details>`;
  });
  return markup`<section id="stages"><h2>Stages</h2>${groups}</section>`;
}

function pointTable(members: readonly StageOutcome[]): Markup {
  const metrics = [...new Set(members.flatMap((m) => Object.keys(m.record?.output.metrics ?? {})))];
  const names = metrics.map((name) => markup`<th scope="col" class="num">${name}</th>`);
  const failing = members.some((m) => m.failure);
  const rows = members.map(({ planned, outcome, seconds, record, failure }) => {
    const numbers = metrics.map((name) => {
      const value = record?.output.metrics[name];
      if (value === undefined || value === null) return markup`<td class="num none">–</td>`;
      return markup`<td class="num">${String(Number(value.toPrecision(5)))}</td>`;
    });
    const key = planned.key ?? '';
    const shown = key === '' ? markup`–` : markup`<code title="${key}">${key.slice(0, 12)}</code>`;
    const why = failing ? markup`<td class="wrap">${failure?.message}</td>` : NOTHING;
    return markup`<tr><th scope="row">${pointText(planned.point) || '–'}</th><td class="${outcome === 'failed' ? 'fails' : ''}">${OUTCOMES[outcome]}</td><td class="num">${durationText(seconds)}</td><td>${shown}</td>${numbers}${why}</tr>`;
  });
  const why = failing ? markup`<th scope="col">Why</th>` : NOTHING;
  return markup`<table class="book"><thead><tr><th scope="col">Point</th><th scope="col">Outcome</th><th scope="col" class="num">Time</th><th scope="col">Key</th>${names}${why}</tr></thead><tbody>${rows}</tbody></table>`;
}

/** Licences of the data, and what the results were computed with. */
export function environmentSection(content: ReportContent): Markup {
  const { licences, environment } = content;
  const data =
    licences.length > 0
      ? markup`<section id="licences"><h2>Licences of the data</h2>${facts('Licences', 'Data', 'Licence', licences)}</section>`
      : NOTHING;
  const machine =
    environment.length > 0
      ? markup`<section id="environment"><h2>Environment</h2>${facts('Environment', 'Fact', 'Value', shownEnvironment(content))}</section>`
      : NOTHING;
  return markup`${data}${machine}`;
}

function facts(
  label: string,
  left: string,
  right: string,
  rows: readonly (readonly [string, string])[],
): Markup {
  const body = rows.map(
    ([name, value]) => markup`<tr><th scope="row">${name}</th><td class="wrap">${value}</td></tr>`,
  );
  const head = markup`<tr><th scope="col">${left}</th><th scope="col">${right}</th></tr>`;
  return scroll(
    label,
    markup`<table class="book"><thead>${head}</thead><tbody>${body}</tbody></table>`,
  );
}

const TOKENS =
  /(?<comment>\/\/.*$)|(?<text>"(?:\\.|[^"\\])*")|(?<word>\b(?:import|param|let|axis|dataset|transform|train|evaluate|report|expect|reference|def|extern|return|if|then|else|match|where)\b)/g;

/** The pipeline's text, and folded those that it imports. */
export function sourceSection([own, ...imported]: ReportContent['input']['texts']): Markup {
  if (own === undefined) return NOTHING;
  const others = imported.map(
    ({ path, text }) =>
      markup`<details><summary>Source of ${path}</summary>${listing(path, text)}</details>`,
  );
  return markup`<section id="source"><h2>Source of ${own.path}</h2>
${listing(own.path, own.text)}${others}</section>`;
}

/** A text with line numbers; comments quiet, keywords strong. */
function listing(file: string, source: string): Markup {
  const lines = source
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((line) => markup`<span class="line">${highlight(line)}</span>`);
  // Lines are blocks of their own: a line break between them would show as an empty line.
  const text: Markup = { kind: 'markup', html: lines.map((line) => line.html).join('') };
  return markup`<pre class="listing" role="region" tabindex="0" aria-label="Source of ${file}"><code>${text}</code></pre>`;
}

function highlight(line: string): readonly Markup[] {
  const parts: Markup[] = [];
  let end = 0;
  for (const match of line.matchAll(TOKENS)) {
    parts.push(markup`${line.slice(end, match.index)}`);
    const [text] = match;
    const { comment, word } = match.groups ?? {};
    if (comment !== undefined) parts.push(markup`<i>${text}</i>`);
    else parts.push(word === undefined ? markup`${text}` : markup`<b>${text}</b>`);
    end = match.index + text.length;
  }
  const html = [...parts, markup`${line.slice(end)}`].map((part) => part.html).join('');
  return [{ kind: 'markup', html }];
}
