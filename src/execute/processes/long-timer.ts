/** The longest time that a timer of Node takes: more is taken for 1 ms. */
const LONGEST = 2 ** 31 - 1;

/** Calls `act` after so many seconds, however many; returns what calls it off. */
export function after(seconds: number, act: () => void): () => void {
  const until = performance.now() + seconds * 1000;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const left = until - performance.now();
    timer = left > LONGEST ? setTimeout(wait, LONGEST) : setTimeout(act, Math.max(0, left));
  };
  wait();
  return () => clearTimeout(timer);
}
