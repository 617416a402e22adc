import pc from 'picocolors';
import type { RunEvent } from '../../execute/schedule/run-event.js';
import { holderText } from '../../execute/store/holder-text.js';
import { printable } from '../../report/escape.js';
import { factsText } from '../../report/facts.js';
import { durationText } from '../../report/numbers/format-number.js';
import type { Estimate } from './estimate.js';

/**
 * What a display says for good of a stage; a hit that was planned as one is no news. Why a point
 * failed is said once where others fail for the same reason.
 */
export function lastingTexts(
  colour: boolean,
  estimate: Estimate,
): (event: RunEvent) => string | undefined {
  const failed = new Map<string, string>();
  const { red } = pc.createColors(colour);
  return (event) => {
    if (event.kind !== 'fail' || event.failure.code === 'interrupted')
      return lastingText(event, colour, estimate);
    const { message, help } = event.failure;
    const below = help === undefined ? '' : `\n      help: ${help}`;
    // each has a log of its own
    const why = `${message}${below.replaceAll(/[0-9a-f]{64}/g, '')}`;
    const before = failed.get(why);
    if (before === undefined) failed.set(why, event.id);
    const said = before === undefined ? `${message}${below}` : `as ${before}`;
    return `${red('failed')}  ${event.id}: ${said}`;
  };
}

function lastingText(event: RunEvent, colour: boolean, estimate: Estimate): string | undefined {
  const { green, yellow, dim } = pc.createColors(colour);
  switch (event.kind) {
    case 'finish': {
      if (estimate.wasHit(event.id)) return undefined;
      const { metrics } = event.record.output;
      const numbers = Object.entries(metrics).map(([name, v]) => `${name} ${metricText(v)}`);
      const how = event.outcome === 'hit' ? 'same as before' : durationText(event.record.seconds);
      const facts = printable(factsText(event.record.facts));
      const below = facts === '' ? '' : `\n      ${dim(facts)}`;
      return `${green('done')}  ${event.id}  ${dim([how, ...numbers].join('  '))}${below}`;
    }
    case 'fail':
      return `${yellow('stopped')}  ${event.id}`;
    case 'retry': {
      const { next, of } = event;
      const which = next === undefined ? '' : `attempt ${next} of ${of}, because `;
      return `${yellow('again')}  ${event.id}: ${which}${event.failure.message}`;
    }
    case 'drop':
      // what reads it goes with it
      if (event.reason.waitsFor || estimate.wasHit(event.id)) return undefined;
      return `${yellow('drop')}  ${event.id}: ${event.reason.why}`;
    case 'remark':
      return `${yellow('remark')}  ${event.id}: ${printable(event.text)}`;
    case 'resumed': {
      const { unit, done, total } = event.progress;
      const spent = durationText(event.seconds);
      return `${green('goes on')}  ${event.id}: from its checkpoint after ${unit} ${done} of ${total}, ${spent} were spent before`;
    }
    case 'stalled':
      return event.why === undefined
        ? `${green('goes on')}  ${event.id}`
        : `${yellow('stalled')}  ${event.id}: ${event.why}`;
    case 'waiting':
      return dim(`wait  ${event.id}: ${holderText(event.holder)}`);
    default:
      return undefined;
  }
}

function metricText(value: number | null): string {
  if (value === null) return 'none';
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}
