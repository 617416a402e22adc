import { listed } from '../../artifact/labels.js';
import { noClass } from '../../artifact/no-class.js';
import type { StageContext } from '../../stage.js';
import type { Sample } from './sample.js';

/** Columns that others have where `class` is read. */
const labels = /^(labels?|class_?(name|id)?|classes|category|target|y)$/i;

/** Folders that are called after what lies in them, not after what it shows. */
const pictures = /^(jpe?g)?(images?|imgs?|photos?|pictures?)$/i;

type Remarking = Pick<StageContext<unknown>, 'remark'>;

/** The column of a list, if any, that has another name for the class. */
const columnOf = (samples: readonly Sample[]): string | undefined =>
  Object.keys(samples[0]?.attributes ?? {}).find((name) => name !== 'class' && labels.test(name));

const classesOf = (samples: readonly Sample[]): readonly string[] => [
  ...new Set(samples.map(({ attributes }) => attributes.class ?? noClass)),
];

/** Remarks what a list without a column `class` has for it, where folders say the class instead. */
export function remarkOtherColumn(samples: readonly Sample[], { remark }: Remarking): void {
  const column = columnOf(samples);
  if (column === undefined) return;
  const classes = classesOf(samples);
  const are =
    classes.length === 1 && classes[0] === noClass
      ? 'no image has a class'
      : `classes are the folders of the images (${listed(classes, 3)})`;
  remark(
    `${are}: \`${column}\` of the list is an attribute, asked for by \`label: "${column}"\`; a column \`class\` would be its class`,
  );
}

/** Remarks that all images are of one class where that was hardly meant, as one folder lies around those of classes. */
export function remarkClasses(samples: readonly Sample[], { remark }: Remarking): void {
  const [only, other] = classesOf(samples);
  if (only === undefined || other !== undefined || only === noClass) return;
  // Said where the list was read.
  if (columnOf(samples) !== undefined) return;
  const below = new Set(
    samples.map(({ file }) => {
      const [top, folder] = file.inside.split('/').slice(0, -1);
      return top === only ? folder : undefined;
    }),
  );
  if (below.has(undefined) || below.size < 2) {
    if (pictures.test(only)) {
      remark(
        `all images are of one class, ${only}, as their folder is called: none is known of them`,
      );
    }
    return;
  }
  const folders = [...below].flatMap((name) => name ?? []).sort();
  const how =
    samples[0]?.file.archive === undefined
      ? `give \`root\` the folder ${only}`
      : `write the archive from within: \`tar -cf x.tar -C ${only} .\``;
  remark(
    `all images are of one class, ${only}, the folder around all; if the folders in it are the classes (${listed(folders, 3)}), ${how}`,
  );
}
