/** Whether this process was asked to end. */
export interface AskedToEnd {
  readonly isAsked: () => boolean;
  /** From now on being asked ends the process again. */
  readonly dispose: () => void;
}

/** Notes that this process is asked to end (SIGTERM), which then does not end it: what goes on can save what it has. */
export function askedToEnd(): AskedToEnd {
  let isAsked = false;
  const note = (): void => {
    isAsked = true;
  };
  process.on('SIGTERM', note);
  return { isAsked: () => isAsked, dispose: () => void process.off('SIGTERM', note) };
}
