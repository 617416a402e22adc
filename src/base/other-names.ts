/** What people who know other libraries call what is in this one. */
const called: Readonly<Record<string, string>> = {
  folder: 'images',
  image_folder: 'images',
  imagefolder: 'images',
  directory: 'images',
  photos: 'images',
  webdataset: 'images',
  ilsvrc: 'imagenet',
  imagenet1k: 'imagenet',
  tinyimagenet: 'tiny_imagenet',
  pascal_voc: 'voc',
  voc_detection: 'voc',
  stl: 'stl10',
};

/** The choice that a name is another name of, if one is. */
export function meantBy(name: string, choices: Iterable<string>): string | undefined {
  const lower = name.toLowerCase();
  const meant = Object.hasOwn(called, lower) ? called[lower] : undefined;
  return meant !== undefined && [...choices].includes(meant) ? meant : undefined;
}
