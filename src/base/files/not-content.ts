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
  'Thumbs.db',
  'desktop.ini',
]);

/** Compiled Python, Vim's swap files, backups; locks and half-saved files of editors, macOS and NFS. */
const pattern = /(\.py[co]|\.sw[opx]|~)$|^(\.#|\._|\.~lock\.|\.nfs|#.*#$)/;

/**
 * Is a file or folder of this name no content of the folder that it lies in? True for what version
 * control, Python, operating systems and editors leave there by themselves.
 */
export function isNoContent(name: string): boolean {
  return names.has(name) || pattern.test(name);
}
