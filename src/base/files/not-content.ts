const names = new Set([
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
 * Is a file or folder of this name no content of the folder that it lies in? True for what version
 * control, Python, operating systems, editors and file servers leave there by themselves: also bins and previews.
 */
export function isNoContent(name: string): boolean {
  return names.has(name) || pattern.test(name);
}
