/** The header counts whole seconds and travels a while; smaller differences are not the reader's clock being wrong. */
const toleratedSkewMs = 5_000;
let skewMs = 0;

/** The server's time, so that a reader whose clock is wrong still sees the true time left. Milliseconds since 1970. */
export function serverNowMs(): number {
  return Date.now() + skewMs;
}

export function observeServerTime(dateHeader: string | null): void {
  const serverMs = dateHeader === null ? Number.NaN : Date.parse(dateHeader);
  if (Number.isNaN(serverMs)) return;
  const difference = serverMs - Date.now();
  skewMs = Math.abs(difference) > toleratedSkewMs ? difference : 0;
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for the whole page, once a second, and none while nobody listens. */
export function onSecond(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    if (typeof document === "undefined" || !document.hidden) for (const each of listeners) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}
