import { verbOf } from '../../base/counted.js';
import { listed } from '../artifact/labels.js';
import { boxedAt, type DetectContext, type Setting, splitsLearnt } from './setting.js';

/** Remarks classes of which the test has no object that counts, and those that it asks for and nothing is learnt of. */
export function remarkClasses(
  { images, boxes }: Pick<Setting, 'images' | 'boxes'>,
  { params, remark }: Pick<DetectContext, 'params' | 'remark'>,
): void {
  const { classes } = boxes;
  const objectsOf = (split: string) =>
    Array.from(images.indicesOf(split), (index) => boxedAt(boxes, index).objects).flat();
  const { test } = params;
  const learntFrom = splitsLearnt(params);
  const asked = objectsOf(test);
  const there = new Set(asked.map((of) => of.class));
  const counting = new Set(asked.flatMap((of) => (of.difficult ? [] : [of.class])));
  const learnt = new Set(learntFrom.flatMap(objectsOf).map((of) => of.class));
  const tell = (isSo: (number: number) => boolean, found: string, so: (n: number) => string) => {
    const names = classes.filter((_, number) => isSo(number));
    const n = names.length;
    if (n === 0) return;
    const some = `${n} of the ${classes.length} classes ${verbOf(n, 'has', 'have')}`;
    remark(`${some} ${found}, and ${so(n)}: ${listed(names, 30)}`);
  };
  const notInMeans = (n: number): string => `${verbOf(n)} not in the means`;
  tell((number) => !there.has(number), `no object in split \`${test}\``, notInMeans);
  tell(
    (number) => there.has(number) && !counting.has(number),
    `no object that counts in split \`${test}\`, only difficult ones`,
    notInMeans,
  );
  const from = learntFrom.map((split) => `\`${split}\``).join(' and ');
  tell(
    (number) => counting.has(number) && !learnt.has(number),
    `no object to learn from in ${learntFrom.length === 1 ? 'split' : 'splits'} ${from}`,
    (n) =>
      `${verbOf(n, 'counts', 'count')} in the means with what is found of ${verbOf(n, 'it', 'them')}, as a rule nothing`,
  );
}
