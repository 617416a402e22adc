import { homedir, userInfo } from 'node:os';

/*
 * Node throws where the system has no entry for who runs this, as in a container that is started with a
 * number: `docker run --user 1234`.
 */

type Environment = Readonly<Record<string, string | undefined>>;

/** The name of the account, or the one that the environment gives; undefined where there is none. */
export function accountName({ USER, LOGNAME }: Environment): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return USER || LOGNAME || undefined;
  }
}

/** The home folder of the account; undefined where there is none. */
export function homeFolder(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}
