import { isRecord } from '../../base/own.js';
import { isPlain } from '../../base/plain-text.js';
import { isShown, isUnit } from '../../execute/findings/cell-form.js';
import { isDigest } from '../../execute/store/stored-form.js';
import type { Origin } from '../../execute/trace/origins.js';
import type { TracedStage } from '../../execute/trace/traced-stage.js';

/** All numbers of a report as they are kept: of stages all but their records, which the store has. */
export interface PageEnd {
  readonly path: string;
  readonly again: string;
  readonly origins: readonly Origin[];
  readonly stages: readonly Omit<TracedStage, 'record'>[];
}

/** What some JSON says of a page, when it has the form of that: anybody may have written it to a store. */
export function pageFrom(json: object): PageEnd | undefined {
  const { path, again, origins, stages }: { readonly [P in keyof PageEnd]?: unknown } = json;
  const sound = [path, again].every(isText) && isList(isOrigin)(origins) && isList(isStage)(stages);
  return sound ? (json as PageEnd) : undefined;
}

/** The same as plain data, found once and without what is not told of a number. */
export const plainPage = ({ path, again, origins, stages }: PageEnd): PageEnd => ({
  path,
  again,
  origins: origins.map((origin) => ({
    ...origin,
    numbers: origin.numbers.map(({ part, value, shown: { mean, std, interval, unit } }) => ({
      part,
      value,
      shown: { mean, std, ...(interval && { interval }), unit },
    })),
  })),
  stages: stages.map(withoutRecord),
});

function withoutRecord(stage: PageEnd['stages'][number]): PageEnd['stages'][number] {
  const { record: _, ...rest }: PageEnd['stages'][number] & Partial<Pick<TracedStage, 'record'>> =
    stage;
  return rest;
}

type Form = (value: unknown) => boolean;

/** A text that may be shown on a terminal as it is. */
const isText: Form = (value) => typeof value === 'string' && isPlain(value);

const isList =
  (isPart: Form): Form =>
  (value) =>
    Array.isArray(value) && value.every(isPart);

const isTexts = isList(isText);

const isPlace: Form = (value) =>
  isRecord(value) && isText(value.file) && [value.line, value.column].every(Number.isInteger);

const isOrigin: Form = (value) =>
  isRecord(value) &&
  [value.kind, value.address, value.name, value.field, value.expression].every(isText) &&
  isRecord(value.point) &&
  Object.values(value.point).every(isText) &&
  isPlace(value.at) &&
  isTexts(value.over) &&
  isList(isQuantity)(value.numbers) &&
  isList(isValue)(value.values);

const isQuantity: Form = (value) =>
  isRecord(value) && isText(value.part) && Number.isFinite(value.value) && isShown(value.shown);

const isValue: Form = (value) =>
  isRecord(value) &&
  isText(value.point) &&
  (value.value === undefined || Number.isFinite(value.value)) &&
  isTexts(value.reads);

const isStage: Form = (value) =>
  isRecord(value) &&
  [value.id, value.stage].every(isText) &&
  Number.isInteger(value.version) &&
  isPlace(value.at) &&
  isTexts(value.inputs) &&
  (value.outcome === 'hit' ? isDigest(value.key) : value.outcome === 'dropped') &&
  isRecord(value.units) &&
  Object.values(value.units).every(isUnit) &&
  (value.command === undefined || isTexts(value.command)) &&
  isList(isData)(value.data);

const isData: Form = (value) =>
  isRecord(value) &&
  isText(value.path) &&
  (value.kind === 'file' || value.kind === 'folder') &&
  isDigest(value.digest);
