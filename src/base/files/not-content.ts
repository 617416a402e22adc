const names = new Set([
  '.ssp',
  '.git',
  '.hg',
  '.svn',
  '__pycache__',
  '.ipynb_checkpoints',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.idea',
  '.vscode',
  '.DS_Store',
  '.AppleDouble',
  '.TemporaryItems',
  '.Trashes',
  '.fseventsd',
  '__MACOSX',
  'Thumbs.db',
  'desktop.ini',
  '$RECYCLE.BIN',
  'System Volume Information',
  '.thumbnails',
  '@eaDir',
  '#recycle',
  'lost+found',
]);

/** Compiled Python, Vim's swap files, backups; locks and half-saved files of editors, macOS and NFS; bins, and indices. */
const pattern =
  /(\.py[co]|\.sw[opx]|~)$|^(\.#|\._|\.~lock\.|\.nfs|#.*#$|\.Trash-\d+$|\.Spotlight-V)/;

/**
 * Is this the lock that a run leaves beside its study, of what lies in a folder? Locks without their study may be data.
 */
export function isLockBeside(name: string, there: ReadonlySet<string>): boolean {
  const [, study] = /^(.*\.ssp)(@.*)?\.lock$/.exec(name) ?? [];
  return study !== undefined && there.has(study);
}

/**
 * Is a file or folder of this name no content of the folder that it lies in? True for what version
 * control, Python, operating systems, editors and file servers leave there by themselves, also bins and previews; and for
 * the store of results.
 */
export function isNoContent(name: string): boolean {
  return names.has(name) || pattern.test(name);
}
