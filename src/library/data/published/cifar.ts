import { sizeOfFile } from '../../../base/files/file-slices.js';
import type { Item } from '../../artifact/items.js';
import type { StageContext, StageResult } from '../../stage.js';
import type { Choice } from '../choose-items.js';
import { readChecked } from './check-published.js';
import { readLabelNames } from './label-names.js';
import { type FilesAt, findFiles, malformed, type PublishedSet } from './published-set.js';
import { lengthOf, type RecordFile, type RecordForm, readLabels } from './record-file.js';
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
export async function readCifar(cifar: Cifar, context: StageContext<Params>): Promise<StageResult> {
  const { set } = cifar;
  const { root, check } = context.params;
  const files = findFiles(root, set, 'this reads the binary version, not the Python one');
  return readChecked(check, { files, set }, context, (checked) =>
    readFiles(cifar, files, checked, context),
  );
}

async function readFiles(
  { set, train, test, labels }: Cifar,
  files: FilesAt,
  checked: Promise<void>,
  context: StageContext<Params>,
): Promise<StageResult> {
  const { size, classes, per_class: perClass, seed } = context.params;
  const pathOf = (name: string): string => files.get(name) ?? name;
  const names = labels.map((label) => readLabelNames(pathOf(label.names), label.count, set));
  const form: RecordForm = { size: 32, labels: labels.length, order: 'rows' };
  const fileAt = (path: string): RecordFile => {
    const [bytes, length] = [sizeOfFile(path), lengthOf(form)];
    if (bytes > 0 && bytes % length === 0) return { path, records: bytes / length, form };
    throw malformed(path, `has ${bytes} bytes, no multiple of ${length}, a record`, set);
  };
  const opened = [...train, test].map((name) => fileAt(pathOf(name)));
  const numbers = await Promise.all(opened.map(readLabels));
  const known = new Map<number, Item['attributes']>();
  const attributesOf = (path: string, record: number, own: Uint8Array): Item['attributes'] => {
    const from = record * labels.length;
    let key = 0;
    for (let place = 0; place < labels.length; place++) key = 256 * key + (own[from + place] ?? 0);
    const before = known.get(key);
    if (before !== undefined) return before;
    const named = labels.map(({ attribute, count }, place): [string, string] => {
      const label = own[from + place] ?? -1;
      const found = names[place]?.[label];
      if (found !== undefined) return [attribute, found];
      throw malformed(
        path,
        `gives record ${record} the ${attribute} ${label}; there are 0 to ${count - 1}`,
        set,
      );
    });
    const attributes = Object.fromEntries(named);
    known.set(key, attributes);
    return attributes;
  };
  const counts = { train: 0, test: 0 };
  const found = opened.map((file, place): RecordSet['files'][number] => {
    const split = place < train.length ? 'train' : 'test';
    const first = counts[split];
    counts[split] += file.records;
    const own = numbers[place] ?? new Uint8Array();
    const items: Item[] = [];
    for (let record = 0; record < file.records; record++) {
      const attributes = attributesOf(file.path, record, own);
      items.push({ name: `${split}/${first + record}`, split, attributes });
    }
    return { file, items };
  });
  const values = labels.map(({ attribute }, place) => [attribute, names[place] ?? []] as const);
  return writeRecords(
    { set, files: found, values: Object.fromEntries(values), checked },
    { size, classes, perClass, seed },
    context,
  );
}
