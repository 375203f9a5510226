export type Toast = { id: number; tone: "done" | "bad"; message: string };

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

/** A short word that something was done; it goes by itself. */
export function notifyDone(message: string): void {
  add("done", message, 4_000);
}

/** Something the reader should not miss; it stays longer and can be closed. */
export function notifyBad(message: string): void {
  add("bad", message, 12_000);
}

export function dismissToast(id: number): void {
  toasts = toasts.filter((toast) => toast.id !== id);
  for (const listener of listeners) listener();
}

/** What `Toasts` draws; at most the newest four. */
export const toastStore = {
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  read: () => toasts,
};

function add(tone: Toast["tone"], message: string, forMs: number): void {
  lastId += 1;
  const id = lastId;
  toasts = [...toasts, { id, tone, message }].slice(-4);
  for (const listener of listeners) listener();
  setTimeout(() => dismissToast(id), forMs);
}
