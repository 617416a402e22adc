import type { Expression } from '../ast.js';
import { placeArguments, writtenAs } from '../check/expressions/place-arguments.js';
import { defaultText } from '../terms/extern-text.js';
import { callable } from './callable.js';
import { eachNode } from './node-path.js';
import type { Snapshot } from './snapshot.js';
import { occurrenceAt } from './snapshot.js';
import { countText, type StageState, type StageStates, stateText } from './stage-state.js';

/** A text that an editor shows inside the line. */
export interface InlayHint {
  readonly offset: number;
  readonly text: string;
  /** Markdown. */
  readonly tooltip: string;
}

/** A reason longer than this is cut; the tooltip has it whole. */
const longestReason = 60;
/** Defaults shown of one call. */
const mostDefaults = 3;

/** At each stage how many points it has and what a run would do with them, and why. */
export function stageHints(snapshot: Snapshot, states: StageStates): readonly InlayHint[] {
  const { text } = snapshot.file;
  return snapshot.module.declarations.flatMap((declaration): readonly InlayHint[] => {
    if (declaration.kind !== 'stage' && declaration.kind !== 'axis') return [];
    const { name } = declaration;
    const own = states.get(name.text);
    const parts = [...states].filter(([stage]) => stage.startsWith(`${name.text}.`));
    const tooltip = [
      ...(own ? [stateText(own)] : []),
      ...parts.map(([stage, state]) => `\`${stage}\`  \n${stateText(state)}`),
    ].join('\n\n');
    const state = own ?? parts[0]?.[1];
    if (!state) return [];
    const newline = text.indexOf('\n', name.span.end);
    const end = newline < 0 ? text.length : newline;
    const offset = text[end - 1] === '\r' ? end - 1 : end;
    return [{ offset, text: `${countText(state)}${reasonText(state)}`, tooltip }];
  });
}

/** The first reason: `8 points: await emojis, encoder …`, `4 points: run, epochs 20 → 40`. */
function reasonText(state: StageState): string {
  const [why] = state.why;
  if (why === undefined) return '';
  const more = state.why.length > 1 ? ' …' : '';
  const waits = state.await === state.points && why.startsWith('waits for ');
  return `${waits ? ` ${cut(why.slice('waits for '.length))}` : `, ${cut(why)}`}${more}`;
}

function cut(text: string): string {
  return text.length > longestReason ? `${text.slice(0, longestReason - 1)}…` : text;
}

/** In each call the parameters that are left to their defaults. */
export function defaultHints(snapshot: Snapshot): readonly InlayHint[] {
  const hints: InlayHint[] = [];
  eachNode(snapshot.module.declarations, (node) => {
    // a label can be a call too, of which nothing is filled in
    if (node.kind !== 'call' || !('callee' in node)) return;
    const call = node as unknown as Extract<Expression, { kind: 'call' }>; // the kind says so
    const occurrence = occurrenceAt(snapshot, call.callee.span.end);
    const name = occurrence?.targets.find((target) => target.kind === 'name');
    const params = callable(name?.symbol.meaning)?.params;
    if (!params) return;
    const placed = placeArguments(
      call.args.map(writtenAs),
      params.map((param) => param.name),
    );
    const given = new Set(placed.map((place) => place.kind === 'fills' && place.param));
    const filled = params.flatMap((param) => {
      const value = given.has(param.name) ? undefined : defaultText(param);
      return value === undefined ? [] : [`${param.name}: ${value}`];
    });
    if (filled.length === 0) return;
    const shown = filled.slice(0, mostDefaults).map(shortened).join(', ');
    const more = filled.length > mostDefaults ? ', …' : '';
    const last = call.args.at(-1)?.span.end;
    const offset = call.span.end - 1;
    const goesOn = last !== undefined && !snapshot.file.text.slice(last, offset).includes(',');
    hints.push({
      offset,
      text: `${goesOn ? ', ' : ''}${shown}${more}`,
      tooltip: `Defaults:\n${filled.map((text) => `- \`${text}\``).join('\n')}`,
    });
  });
  return hints;
}

/** `1.3333…` for a third of four: the tooltip has all digits. */
function shortened(text: string): string {
  return text.replaceAll(/(\d+\.\d{4})\d{3,}/g, '$1…');
}
