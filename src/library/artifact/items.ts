import { readFileSync } from 'node:fs';
import type { SspError } from '../../base/errors.js';
import { isRecord } from '../../base/own.js';
import { readJson } from '../../base/read-json.js';
import { badArtifact } from './bad-artifact.js';
import { readItemLines } from './item-lines.js';

/** One image's name and labels. */
export interface Item {
  /** Unique among the images, and stable: lists of pairs use it. */
  readonly name: string;
  readonly split: string;
  /** `class`, `group`, `artist` …: the same names for every item. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Where images come from, and on which terms. */
export interface Source {
  readonly name: string;
  readonly version: string;
  /** SPDX identifier. */
  readonly license: string;
  readonly author: string;
}

/** What `items.json` holds. */
export interface ItemsFile {
  readonly items: readonly Item[];
  /** Each attribute's values in their order: the number of a label is its place here. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly sources: readonly Source[];
}

/**
 * Reads `items.json`: the names, splits and labels of images. Items that say the same share it, so that
 * an image takes little more memory than its name.
 * @throws SspError `bad-artifact` that names the first item that is something else.
 */
export function readItems(path: string): ItemsFile {
  let found: Taken | undefined;
  const isRead = readItemLines(path, (about) => {
    found = begin(about);
    return found.take;
  });
  if (!isRead || found === undefined) found = readWhole(path);
  const { items, values, sources } = found;
  return { items, values, sources };
}

/** An `items.json` of which items are taken one by one. */
interface Taken extends ItemsFile {
  /** @throws SspError `bad-artifact` of what is no item. */
  take(item: unknown): void;
}

function readWhole(path: string): Taken {
  const read = readJson(readFileSync(path), { repeated: true });
  if ('fault' in read) throw bad(read.fault);
  const found = begin(read.value);
  for (const item of (read.value as { readonly items: readonly unknown[] }).items) found.take(item);
  return found;
}

/** Checks what an `items.json` holds beside its items. */
function begin(file: unknown): Taken {
  if (!isRecord(file) || file.format !== 'ssp-images' || file.version !== 1) {
    throw bad('does not say `"format": "ssp-images", "version": 1`');
  }
  const { values, sources } = file;
  if (!Array.isArray(file.items)) throw bad('has no list `items`');
  if (!isRecord(values)) throw bad('has no `values`, the labels of each attribute');
  if (!Array.isArray(sources)) throw bad('has no list `sources`; an empty one is fine');
  const known = Object.entries(values).map(([attribute, labels]) => {
    if (!Array.isArray(labels)) throw bad(`has no list as \`values.${attribute}\``);
    const other = labels.find((label) => typeof label !== 'string');
    if (other !== undefined) throw noText(`has ${shown(other)} in \`values.${attribute}\``, other);
    return [attribute, new Set<unknown>(labels)] as const;
  });
  const items: Item[] = [];
  const share = sharing();
  return {
    items,
    values: values as ItemsFile['values'], // checked above
    sources,
    take(item) {
      items.push(share(checkedItem(item, items.length, known)));
    },
  };
}

/** Makes items that have the same split and attributes share them. */
function sharing(): (item: Item) => Item {
  const splits = new Map<string, string>();
  const attributes = new Map<string, Item['attributes']>();
  const one = <T>(known: Map<string, T>, key: string, value: T): T => {
    const before = known.get(key);
    if (before === undefined) known.set(key, value);
    return before ?? value;
  };
  return ({ name, split, attributes: own }) => ({
    name,
    split: one(splits, split, split),
    attributes: one(attributes, JSON.stringify(own), own),
  });
}

/** A number that stands where a name or label should. */
function noText(found: string, value: unknown): SspError {
  const plain = typeof value === 'number' || typeof value === 'boolean';
  const advice = plain
    ? `Names and labels are texts: ${JSON.stringify(String(value))}.`
    : undefined;
  return badArtifact('items.json', `${found}, which is no text`, advice);
}

function checkedItem(
  item: unknown,
  index: number,
  known: readonly (readonly [attribute: string, labels: ReadonlySet<unknown>])[],
): Item {
  if (!isRecord(item)) throw bad(`has ${shown(item)} as item ${index}, not an object`);
  const { name, split, attributes } = item;
  if (isGiven(name) && typeof name !== 'string') {
    throw noText(`gives item ${index} the \`name\` ${shown(name)}`, name);
  }
  if (!isGiven(name)) throw bad(`gives item ${index} no \`name\``);
  const at = `item ${index} (${JSON.stringify(name)})`;
  if (isGiven(split) && typeof split !== 'string') {
    throw noText(`gives ${at} the \`split\` ${shown(split)}`, split);
  }
  if (!isGiven(split)) throw badArtifact('items.json', `gives ${at} no \`split\``, splitAdvice);
  if (!isRecord(attributes)) throw bad(`gives ${at} no \`attributes\``);
  for (const [attribute, labels] of known) {
    if (!Object.hasOwn(attributes, attribute)) throw bad(`gives ${at} no \`${attribute}\``);
    const label = attributes[attribute];
    if (typeof label !== 'string' || labels.has(label)) continue;
    throw bad(`gives ${at} the \`${attribute}\` ${shown(label)}, which is not in \`values\``);
  }
  for (const [attribute, label] of Object.entries(attributes)) {
    if (typeof label === 'string') continue;
    throw noText(`gives ${at} the \`${attribute}\` ${shown(label)}`, label);
  }
  return item as unknown as Item; // checked above
}

const splitAdvice = 'Each image is in one split, such as "train", "validation" or "test".';

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

const bad = (found: string) => badArtifact('items.json', found);

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
