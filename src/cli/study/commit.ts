import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * The commit of the git repository that a folder lies in, and whether what git knows there is otherwise
 * now: `3f2a… with changes since`. Nothing where there is no git, no repository or no commit.
 */
export async function commitOf(folder: string): Promise<string | undefined> {
  const git = async (...args: readonly string[]) => {
    const options = { timeout: 10_000, maxBuffer: 64 * 2 ** 20 };
    return (await promisify(execFile)('git', ['-C', folder, ...args], options)).stdout.trim();
  };
  try {
    const commit = await git('rev-parse', '--verify', 'HEAD');
    const changes = await git('status', '--porcelain', '--untracked-files=no');
    return changes === '' ? commit : `${commit} with changes since`;
  } catch {
    return undefined;
  }
}
