import { verbOf } from '../../base/counted.js';
import type { StageContext } from '../stage.js';
import type { Item } from './items.js';
import { listed } from './labels.js';
import { noClass } from './no-class.js';

/** Remarks classes that have images, but none in split `train`, where there is one: nothing learns them. */
export function remarkUntrained(
  items: readonly Pick<Item, 'split' | 'attributes'>[],
  { remark }: Pick<StageContext<unknown>, 'remark'>,
): void {
  const trained = new Set<string | undefined>();
  const others = new Set<string>();
  for (const { split, attributes } of items) {
    if (split === 'train') trained.add(attributes.class);
    else others.add(attributes.class ?? noClass);
  }
  const untrained = [...others].filter((name) => !trained.has(name) && name !== noClass).sort();
  if (trained.size === 0 || untrained.length === 0) return;
  const have = verbOf(untrained.length, 'has', 'have');
  const classes = untrained.length === 1 ? '1 class' : `${untrained.length} classes`;
  remark(`${classes} ${have} no image in split \`train\`: ${listed(untrained)}`);
}
