/** Time as every service of this machine sees it. Instants are milliseconds since 1970. */
export interface Clock {
  now(): number;
  /** Resolves at `instantMs` or later, at once if that has passed; rejects with the signal's reason when aborted. */
  until(instantMs: number, signal?: AbortSignal): Promise<void>;
}

export interface MovableClock extends Clock {
  /** Moves time forward; what falls due wakes in the order of its instants. */
  advance(milliseconds: number): void;
}

/** A timer counts no time while a laptop sleeps, so the wall clock is asked again at least this often. */
const longestNapMs = 15_000;

interface Sleeper {
  readonly instantMs: number;
  /** False once it woke or was aborted. */
  waiting: boolean;
  wake(): void;
}

/**
 * The clock of the machine. All sleepers share one timer, so ten thousand of them cost ten thousand heap entries and
 * nothing else, and no instant is too far away (`setTimeout` alone fires at once beyond 24.8 days).
 */
export function machineClock(wall: () => number = Date.now): MovableClock {
  const sleepers: Sleeper[] = [];
  let aheadMs = 0;
  let aborted = 0;
  let timer: NodeJS.Timeout | undefined;
  let timerAtMs = Number.POSITIVE_INFINITY;

  const now = (): number => wall() + aheadMs;

  function arm(): void {
    const first = sleepers[0];
    if (first === undefined) return;
    const dueMs = Math.min(first.instantMs, now() + longestNapMs);
    if (timer !== undefined && timerAtMs <= dueMs) return;
    clearTimeout(timer);
    timerAtMs = dueMs;
    timer = setTimeout(ring, Math.max(0, dueMs - now()));
    timer.unref();
  }

  function ring(): void {
    clearTimeout(timer);
    timer = undefined;
    timerAtMs = Number.POSITIVE_INFINITY;
    for (let first = sleepers[0]; first !== undefined; first = sleepers[0]) {
      if (first.waiting && first.instantMs > now()) break;
      pop(sleepers);
      if (first.waiting) first.wake();
      else aborted -= 1;
    }
    arm();
  }

  function forget(sleeper: Sleeper): void {
    sleeper.waiting = false;
    aborted += 1;
    if (aborted < 1000 || aborted < sleepers.length / 2) return;
    const left = sleepers.filter((one) => one.waiting).sort((a, b) => a.instantMs - b.instantMs);
    sleepers.splice(0, sleepers.length, ...left);
    aborted = 0;
  }

  return {
    now,
    until(instantMs, signal) {
      if (signal?.aborted) return Promise.reject(reasonOf(signal));
      if (instantMs <= now()) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const onAbort = (): void => {
          forget(sleeper);
          reject(reasonOf(signal));
        };
        const sleeper: Sleeper = {
          instantMs,
          waiting: true,
          wake: () => {
            sleeper.waiting = false;
            signal?.removeEventListener("abort", onAbort);
            resolve();
          },
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        push(sleepers, sleeper);
        arm();
      });
    },
    advance(milliseconds) {
      if (!(milliseconds >= 0)) throw new RangeError("time moves forward only");
      aheadMs += milliseconds;
      ring();
    },
  };
}

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error("aborted");
}

/** A binary heap by instant, the earliest first. */
function push(heap: Sleeper[], sleeper: Sleeper): void {
  heap.push(sleeper);
  for (let at = heap.length - 1; at > 0; ) {
    const above = (at - 1) >> 1;
    if (!earlier(heap[at], heap[above])) return;
    swap(heap, at, above);
    at = above;
  }
}

function pop(heap: Sleeper[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  heap[0] = last;
  for (let at = 0; ; ) {
    const left = 2 * at + 1;
    const below = earlier(heap[left + 1], heap[left]) ? left + 1 : left;
    if (!earlier(heap[below], heap[at])) return;
    swap(heap, at, below);
    at = below;
  }
}

function earlier(a: Sleeper | undefined, b: Sleeper | undefined): boolean {
  return a !== undefined && b !== undefined && a.instantMs < b.instantMs;
}

function swap(heap: Sleeper[], i: number, j: number): void {
  const [a, b] = [heap[i], heap[j]];
  if (a === undefined || b === undefined) return;
  heap[i] = b;
  heap[j] = a;
}
