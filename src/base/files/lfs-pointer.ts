/** Is a file what Git leaves in the place of one that Git LFS has, until that is fetched? */
export const isLfsPointer = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(0, BEGIN.length)).toString('latin1') === BEGIN;

const BEGIN = 'version https://git-lfs';

/** What it is, and how it becomes the file. */
export const LFS_POINTER = 'is a pointer of Git LFS: `git lfs pull` fetches the file';
