import { readFileSync } from 'node:fs';
import type { Item } from '../../artifact/items.js';
import type { StageContext, StageResult } from '../../stage.js';
import type { Choice } from '../choose-items.js';
import { readLabelNames } from './label-names.js';
import { checkPublished, findFiles, malformed, type PublishedSet } from './published-set.js';
import { lengthOf, type RecordForm } from './record-file.js';
import { type RecordSet, writeRecords } from './write-records.js';

/** What the two CIFARs differ in. */
export interface Cifar {
  readonly set: PublishedSet;
  /** Files of split `train`; the others are `test`. */
  readonly train: readonly string[];
  readonly test: string;
  /** For each byte of labels: the attribute, the file of its names, and how many there are. */
  readonly labels: readonly {
    readonly attribute: string;
    readonly names: string;
    readonly count: number;
  }[];
}

interface Params extends Omit<Choice, 'perClass'> {
  readonly root: string;
  readonly size: number;
  readonly check: 'published' | 'layout';
  readonly per_class: number | null;
}

/** Reads CIFAR-10 or CIFAR-100 in their binary version: image i of a split is torchvision's number i. */
export async function readCifar(
  { set, train, test, labels }: Cifar,
  context: StageContext<Params>,
): Promise<StageResult> {
  const { root, size, check, classes, per_class: perClass, seed } = context.params;
  const files = findFiles(root, set, 'this reads the binary version, not the Python one');
  if (check === 'published') await checkPublished(files, set, context.progress);
  const pathOf = (name: string): string => files.get(name) ?? name;
  const names = labels.map((label) => readLabelNames(pathOf(label.names), label.count, set));
  const form: RecordForm = { size: 32, labels: labels.length, order: 'rows' };
  const counts = new Map<string, number>();
  const read = (split: string, name: string): RecordSet['files'][number] => {
    const path = pathOf(name);
    const bytes = readFileSync(path);
    const length = lengthOf(form);
    if (bytes.length === 0 || bytes.length % length !== 0) {
      throw malformed(path, `has ${bytes.length} bytes, no multiple of ${length}, a record`, set);
    }
    const items: Item[] = [];
    for (let at = 0; at < bytes.length; at += length) {
      const number = counts.get(split) ?? 0;
      counts.set(split, number + 1);
      const attributes = labels.map(({ attribute, count }, place): [string, string] => {
        const label = bytes[at + place] ?? 0;
        const found = names[place]?.[label];
        if (found !== undefined) return [attribute, found];
        throw malformed(
          path,
          `gives record ${at / length} the ${attribute} ${label}; there are 0 to ${count - 1}`,
          set,
        );
      });
      items.push({ name: `${split}/${number}`, split, attributes: Object.fromEntries(attributes) });
    }
    return { file: { path, records: items.length, form }, items };
  };
  const values = labels.map(({ attribute }, place) => [attribute, names[place] ?? []] as const);
  return writeRecords(
    {
      set,
      files: [...train.map((name) => read('train', name)), read('test', test)],
      values: Object.fromEntries(values),
    },
    { size, classes, perClass, seed },
    context,
  );
}
