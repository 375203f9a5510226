import { createServer } from "node:net";
import { listenNear } from "./listen-near.ts";

/** A port on 127.0.0.1 that nobody listens on at this moment: the preferred one, or the next free one above it. */
export async function freePort(preferred: number): Promise<number> {
  const probe = createServer();
  const port = await listenNear(probe, preferred);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
