/** Runs the given functions one after the other, in the order in which they were given. */
export type Mutex = <T>(run: () => Promise<T>) => Promise<T>;

export function createMutex(): Mutex {
  let last: Promise<unknown> = Promise.resolve();
  return (run) => {
    const turn = last.then(run, run);
    // The next in line waits for this one's end, whichever way it ends; the caller sees the error.
    last = turn.catch(() => undefined);
    return turn;
  };
}
