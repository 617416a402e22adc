import { listed } from '../../artifact/labels.js';
import type { StageContext } from '../../stage.js';
import type { Sample } from './sample.js';
import { noClass } from './samples-of-folders.js';

/** Columns that others have where `class` is read. */
const labels = /^(labels?|class_?(name|id)?|classes|category|target|y)$/i;

/** Folders that are called after what lies in them, not after what it shows. */
const pictures = /^(jpe?g)?(images?|imgs?|photos?|pictures?)$/i;

/**
 * Remarks that all images are of one class where that was hardly meant: as one folder lies around the folders of
 * classes, or as a list gives classes another name.
 */
export function remarkClasses(
  samples: readonly Sample[],
  { remark }: Pick<StageContext<unknown>, 'remark'>,
): void {
  const [only, other] = new Set(samples.map(({ attributes }) => attributes.class ?? noClass));
  if (only === undefined || other !== undefined) return;
  const column = Object.keys(samples[0]?.attributes ?? {}).find(
    (name) => name !== 'class' && labels.test(name),
  );
  if (only === noClass) {
    if (column === undefined) return;
    remark(
      `no image has a class: \`${column}\` of the list is an attribute, asked for by \`label: "${column}"\`; a column \`class\` would be its class`,
    );
    return;
  }
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
