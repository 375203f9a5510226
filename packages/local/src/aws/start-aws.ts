import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { listenNear } from "../listen-near.ts";
import { answer, type RequestHandler } from "./answer.ts";
import type { LambdaFunction } from "./lambda/function.ts";
import { openServices } from "./machine-services.ts";
import { accessKeyOf } from "./server/access-key.ts";
import { type MovableClock, machineClock } from "./server/clock.ts";
import { environmentOf } from "./server/environment.ts";
import { type Faults, switches } from "./server/faults.ts";

export interface AwsOptions {
  /** Where state is kept; undefined keeps it in memory. Held by one system at a time. */
  readonly folder?: string | undefined;
  /** The port, or the next free one above it; undefined or 0 takes any. */
  readonly port?: number | undefined;
  readonly functions?: Readonly<Record<string, LambdaFunction>> | undefined;
  readonly handlers?: { readonly dynamodb?: RequestHandler | undefined } | undefined;
  readonly clock?: MovableClock | undefined;
  /** How many invocations may run at once before the next is throttled; AWS begins with 1000. */
  readonly accountConcurrency?: number | undefined;
  /** Addresses and domains that may send mail; undefined lets all of them. */
  readonly verifiedSenders?: readonly string[] | undefined;
  /**
   * Awaited once the server listens and before anything that a former run left behind goes on: here the environment is
   * put into process.env and what the functions need is made ready.
   */
  readonly prepare?: ((aws: Pick<Aws, "url" | "environment">) => void | Promise<void>) | undefined;
}

export interface Aws {
  readonly url: string;
  /** What a process needs so that its AWS clients, and nobody else's, talk to this machine. */
  readonly environment: Readonly<Record<string, string>>;
  readonly faults: Faults;
  readonly clock: MovableClock;
  /** Takes no more requests and lets nothing go on; what was running is resumed by the next start. */
  close(): Promise<void>;
}

/** Starts the AWS of this machine on 127.0.0.1. Throws when the folder is in use. */
export async function startAws(options: AwsOptions): Promise<Aws> {
  const clock = options.clock ?? machineClock();
  const faults = switches();
  const services = openServices({
    folder: options.folder,
    clock,
    faults,
    functions: options.functions ?? {},
    accountConcurrency: options.accountConcurrency,
    verifiedSenders: options.verifiedSenders,
  });
  const accessKeyId = accessKeyOf(options.folder);
  const parts = { accessKeyId, services, faults, dynamodb: options.handlers?.dynamodb };
  const listener = getRequestListener((request) => answer(request, parts), { overrideGlobalObjects: false });
  const server = createServer((incoming, outgoing) => {
    listener(incoming, outgoing).catch((error: unknown) => {
      console.error("an answer could not be sent", error);
      outgoing.destroy();
    });
  });

  async function close(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    services.close();
    await closed;
  }

  try {
    const url = `http://127.0.0.1:${await listenNear(server, options.port ?? 0)}`;
    const environment = environmentOf(url, accessKeyId);
    await options.prepare?.({ url, environment });
    services.resume();
    return { url, environment, faults, clock, close };
  } catch (error) {
    await close();
    throw error;
  }
}
