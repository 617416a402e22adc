import type { Json } from '../../base/canonical.js';
import type { OverImages, Table } from '../record.js';

/** What every document says of a table beside its cells; rows and columns count from 0. */
export function tableDocument(table: Table): Readonly<Record<string, Json>> {
  const { name, rowAxes, rows, columnAxes, over } = table;
  return {
    name,
    ...(table.shown === undefined ? {} : { shown: table.shown }),
    rowAxes,
    rows,
    columnAxes,
    columns: table.columns.map(({ labels, value, shown }) => ({
      labels,
      value,
      ...(shown === undefined ? {} : { shown }),
    })),
    over,
    about: table.about.map(({ stages, facts }) => ({ stages, facts })),
    differences: table.differences.map(({ interval, images, ...said }) => ({
      ...said,
      interval: [interval.low, interval.high],
      ...(images ? { images: imagesDocument(images) } : {}),
    })),
    singlePairs: table.singlePairs.map(({ images, ...said }) => ({
      ...said,
      images: imagesDocument(images),
    })),
    published: table.published.map((found) => ({ ...found })),
  };
}

function imagesDocument(said: OverImages): Json {
  if (said.none !== undefined) return { none: said.none };
  const { images, interval, mcnemar } = said;
  return {
    images,
    interval: [interval.low, interval.high],
    mcnemar: mcnemar.map((one) => ({ ...one })),
  };
}
