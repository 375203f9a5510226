import type { Id } from "../kernel/ids.ts";
import type { NetworkView } from "./catalog.view.ts";

/** Where an instance can be reached from; the deployment has one broker and one runner for each. */
export type Network = { id: Id<"network">; name: string; version: number };

export function viewOfNetwork({ id, name, version }: Network): NetworkView {
  return { id, name, version };
}
