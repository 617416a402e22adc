import type { Extern } from '../language/program.js';
import { shortName } from '../language/terms/call-labels.js';
import { stageSection } from './stages-doc.js';

/** The pages of `docs/methods/` by their paths: one for each method that is declared, and what there is. */
export function methodPages(externs: readonly Extern[]): Readonly<Record<string, string>> {
  const methods = externs.filter(({ result }) => isMethod(result));
  const pages = methods.map((extern) => [
    `docs/methods/${shortName(extern.name)}.md`,
    page(extern),
  ]);
  return { 'docs/methods/README.md': overview(methods), ...Object.fromEntries(pages) };
}

const isMethod = (type: Extern['result']): boolean =>
  type.kind === 'description' && type.name === 'Method';

const generated = '<!-- Generated from stdlib/ssl.ssp by `npm run gen`. Do not edit. -->';

function overview(methods: readonly Extern[]): string {
  const rows = methods.map((extern) => {
    const name = shortName(extern.name);
    const [, title = name, what = ''] = /^(.*?): (.*?)\.?\n(?:\n|$)/s.exec(`${extern.doc}\n`) ?? [];
    return `| [\`${name}\`](${name}.md) | ${title} | ${what.replaceAll('\n', ' ')} |`;
  });
  return [
    '# Methods',
    '',
    generated,
    '',
    'Each is one line of a study: `train encoder = pretrain(pairs, views, simclr(), resnet18(), epochs: 100)`. Its defaults are those of the authors’ code; how popular libraries differ is a parameter or stands on its page. [Parity](../parity.md) has how close each is to its reference. DeepCluster v1 is left out: which images a batch has there depends on the state of the training, and its last layer is made anew each epoch.',
    '',
    '| | method | what it learns by |',
    '|---|---|---|',
    ...rows,
    '',
    'The optimiser and the schedule that its authors train it with, by the length of the training and the batch, are in [`std.recipes`](../training.md#official-recipes).',
    '',
    '[Measured](../measured.md) has what each learned in a short training, and what is still to be measured.',
    '',
    'A method of your own is a module beside the study: [the language](../language.md#methods-and-other-values-of-your-own).',
    '',
  ].join('\n');
}

function page(extern: Extern): string {
  return [`# ${shortName(extern.name)}`, '', generated, '', ...stageSection(extern)].join('\n');
}
