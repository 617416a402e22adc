import { findingsOf } from '../../execute/findings/findings.js';
import type { StageOutcome, StageRecord } from '../../execute/record.js';
import type { RunEvent } from '../../execute/schedule/run-event.js';
import type { Progress } from '../../execute/task.js';
import type { Program } from '../../language/program.js';
import type { PlannedStage } from '../../plan/plan.js';
import { escapeHtml } from '../../report/escape.js';
import { renderTables } from '../../report/terminal.js';
import type { Io } from '../io.js';
import { progressLine } from '../text/progress-line.js';

/** A run as a page tells of it. */
export interface RunSoFar {
  readonly onEvent: (event: RunEvent) => void;
  /** The page as it is now; `over` where nothing comes any more. */
  readonly page: (over?: 'over') => string;
}

/** Seconds after which a browser reads the page again. */
const REFRESH = 3;

/** What a run has found so far, as a page that a browser reads again and again while it goes on. */
export function runSoFar(program: Program, env: Io['env']): RunSoFar {
  const planned = new Map<string, PlannedStage>();
  const records = new Map<string, StageRecord>();
  const running = new Map<string, Progress | undefined>();
  const ended: string[] = [];
  const outcomeOf = (stage: PlannedStage): StageOutcome => {
    const record = records.get(stage.id);
    if (record) return { planned: stage, outcome: 'hit', seconds: record.seconds, record };
    const outcome = stage.action === 'drop' ? 'dropped' : 'skipped';
    return { planned: stage, outcome, seconds: 0, record: undefined };
  };
  return {
    onEvent: (event) => {
      if (event.kind === 'plan')
        for (const stage of event.plan.stages) planned.set(stage.id, stage);
      if (event.kind === 'planned') planned.set(event.id, event.planned);
      if (event.kind === 'start') running.set(event.id, undefined);
      if (event.kind === 'progress') running.set(event.id, event.progress);
      if (event.kind === 'finish') records.set(event.id, event.record);
      if (event.kind === 'fail') ended.push(`${event.id} failed: ${event.failure.message}`);
      if (event.kind === 'remark') ended.push(`${event.id}: ${event.text}`);
      if (event.kind === 'finish' || event.kind === 'fail' || event.kind === 'retry') {
        running.delete(event.id);
      }
    },
    page: (over) => {
      const outcomes = [...planned.values()].map(outcomeOf);
      const tables = renderTables(findingsOf(program, outcomes, env), {
        colour: false,
        width: 160,
      });
      const work = [...running].map(([id, progress]) =>
        progress ? progressLine({ id, progress, left: undefined }) : id,
      );
      const counts = `${records.size} of ${planned.size} stages have results`;
      const title = `${program.file.path}: ${counts}`;
      const at = new Date().toISOString().slice(0, 19).replace('T', ' ');
      return [
        '<!doctype html><meta charset="utf-8">',
        over ? '' : `<meta http-equiv="refresh" content="${REFRESH}">`,
        `<title>${escapeHtml(title)}</title>`,
        '<style>body{font:15px/1.5 system-ui;margin:2rem;max-width:80rem}pre{overflow:auto}</style>',
        `<h1>${escapeHtml(title)}</h1>`,
        `<p>${over ? 'The run is over' : 'The run goes on'}; written ${at} UTC.</p>`,
        section('At work', work.join('\n')),
        section('Results', tables),
        section('Remarks and failures', ended.join('\n')),
      ].join('\n');
    },
  };
}

const section = (title: string, text: string): string =>
  text === '' ? '' : `<h2>${title}</h2>\n<pre>${escapeHtml(text)}</pre>`;
