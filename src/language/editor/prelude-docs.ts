import { type ReductionForm, reductions } from '../reductions.js';

/** What every file has, as editors explain it. */
export interface PreludeDoc {
  readonly signature: string;
  readonly doc: string;
  /** Names of arguments, the first without a name. */
  readonly params: readonly string[];
}

function reduction([name, form]: readonly [string, ReductionForm]): readonly [string, PreludeDoc] {
  const more = [form.beside ?? [], form.strata ? 'strata' : []].flat();
  const named = form.beside ? `, ${form.beside}: other` : '';
  if (form.over === 'never') {
    return [
      name,
      { signature: `${name}(value${named})`, doc: form.what, params: ['value', ...more] },
    ];
  }
  const signature = `${name}(value${named}, over: axis${form.strata ? ', strata: axis' : ''})`;
  const doc = `${form.what} \`over: seed\` or \`over: [seed, on]\`; ${form.keeps ? 'keeps' : 'removes'} those axes. Uses the points that are present.`;
  return [name, { signature, doc, params: ['value', ...more, 'over'] }];
}

const report = (name: string, first: string, doc: string): PreludeDoc => ({
  signature: `${name}(${first}, rows: axes, columns: axes, over: axes)`,
  doc,
  params: [first, 'rows', 'columns', 'over'],
});

export const preludeDocs: Readonly<Record<string, PreludeDoc>> = {
  table: report(
    'table',
    'values',
    'A table of named values. Every axis is named: in `rows`, `columns` or `over`.',
  ),
  pivot: report(
    'pivot',
    'value',
    'A table of one value. Every axis is named: in `rows`, `columns` or `over`.',
  ),
  ...Object.fromEntries(Object.entries(reductions).map(reduction)),
  file: {
    signature: 'file("path")',
    doc: 'A file, relative to this one. Its content is in the key, its path is not.',
    params: ['path'],
  },
  env: {
    signature: 'env.NAME',
    doc: 'A variable of the environment, known when the plan is made.',
    params: [],
  },
  secret: {
    signature: 'secret.NAME',
    doc: 'A variable of the environment that is handed over to a stage as a String. Only its digest stands in keys, in the store and in what is shown.',
    params: [],
  },
  search: {
    signature: 'search(space, n: 32, seed: 1)',
    doc: 'Values of an axis, drawn from a range, `log(range)`, a list of choices, or a record of these. They follow from the text alone; a larger `n` keeps the first ones.',
    params: ['space', 'n', 'seed'],
  },
  log: {
    signature: 'log(0.0001..0.1)',
    doc: 'In `search`: a range of which equal ratios are equally likely.',
    params: ['range'],
  },
};
