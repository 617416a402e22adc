import { SspError } from '../base/errors.js';
import { isRecord } from '../base/own.js';

/** Holds what a method says that its numbers mean against what is read of it. @throws SspError `method-signs`. */
export function checkSigns(signs: unknown): void {
  if (signs === undefined) return;
  if (!isRecord(signs)) throw wrong('`signs` of the method is no record');
  for (const [name, sign] of Object.entries(signs)) {
    const of = `\`signs.${name}\` of the method`;
    if (!isRecord(sign)) throw wrong(`${of} is no record`);
    if (typeof sign.what !== 'string') throw wrong(`${of} has no text \`what\``);
    const { lines = {}, alarms = [] } = sign;
    if (!isRecord(lines) || !Object.values(lines).every(Number.isFinite)) {
      throw wrong(`${of} has \`lines\` that are no numbers by their names`);
    }
    if (!Array.isArray(alarms)) throw wrong(`${of} has \`alarms\` that are no list`);
    if (!alarms.every(isAlarm)) throw wrong(`${of} has an alarm that says no interval or no text`);
  }
}

function isAlarm(alarm: unknown): boolean {
  if (!isRecord(alarm)) return false;
  const { from, to, epochs = 1, means, advice } = alarm;
  const bounds = [from, to].filter((bound) => bound !== undefined);
  const texts = [means, advice];
  return (
    bounds.length > 0 &&
    [...bounds, epochs].every((number) => typeof number === 'number' && !Number.isNaN(number)) &&
    texts.every((text) => typeof text === 'string')
  );
}

const wrong = (found: string): SspError =>
  new SspError('method-signs', found, {
    help: "They are as `{ entropy: { what: 'entropy in nats', lines: { most: 3 }, alarms: [{ to: 0.1, means: 'all are alike', advice: 'lower the rate' }] } }`, by names of numbers that are watched; `lines` and `alarms` may be left out.",
  });
