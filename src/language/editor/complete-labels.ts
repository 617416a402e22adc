import type { IToken } from '../lex/chevrotain.js';
import { isWord } from '../lex/tokens.js';
import { labelText } from '../terms/label-text.js';
import type { Completion } from './completion.js';
import { labelValue } from './show.js';
import type { Snapshot } from './snapshot.js';
import { meaningOf, valueBefore } from './term-of.js';

/** The labels of the axis that a word names. */
export function labelsOfAxis(snapshot: Snapshot, axis: IToken): readonly Completion[] {
  const meaning = meaningOf(snapshot, axis);
  if (meaning?.kind !== 'axis') return [];
  const { axis: found } = meaning;
  return found.labels.map((label, rank) => ({
    label: labelText(label.label),
    kind: 'label',
    detail: short(labelValue(found, label)),
    rank,
  }));
}

function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** The labels that may stand behind `is`, or in a `match`, where what stands before it ends here. */
export function labelsOfSubject(
  snapshot: Snapshot,
  tokens: readonly IToken[],
  end: number,
): readonly Completion[] {
  const subject = tokens[end];
  if (!subject) return [];
  if (isWord(subject) && tokens[end - 1]?.image !== '.') {
    const labels = labelsOfAxis(snapshot, subject);
    if (labels.length > 0) return labels;
  }
  const type = valueBefore(snapshot, tokens, end)?.type;
  if (type?.kind !== 'enum') return [];
  return type.choices.map((choice, rank) => ({ label: labelText(choice), kind: 'choice', rank }));
}

/** Without those that are written already. */
export function without(
  items: readonly Completion[],
  written: readonly IToken[],
): readonly Completion[] {
  const images = new Set(written.map((token) => token.image));
  return items.filter((item) => !images.has(item.label));
}
