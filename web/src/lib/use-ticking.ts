import { useSyncExternalStore } from "react";
import { onSecond } from "./clock.ts";

/** Looks again every second, and draws again only when what was read has changed. `read` returns a plain value. */
export function useTicking<T extends string | number | boolean>(read: () => T): T {
  return useSyncExternalStore(onSecond, read);
}
