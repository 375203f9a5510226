import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import type { LambdaFunction } from "./lambda/function.ts";
import { invokerOf } from "./lambda/invoker.ts";
import { type Lambda, lambda } from "./lambda/lambda.ts";
import { secretsManager } from "./secrets-manager/secrets-manager.ts";
import { accessKeyOf } from "./server/access-key.ts";
import { AwsError, asAwsError, errorResponse } from "./server/aws-error.ts";
import { type MovableClock, machineClock } from "./server/clock.ts";
import { environmentOf } from "./server/environment.ts";
import { type Faults, type ServiceName, switches } from "./server/faults.ts";
import { answerFaults } from "./server/faults-route.ts";
import { lockFolder } from "./server/folder-lock.ts";
import { admit, readBody } from "./server/gate.ts";
import { type Journal, openJournal } from "./server/journal.ts";
import { type Route, routeOf } from "./server/route.ts";
import type { Service } from "./server/service.ts";
import { stepFunctions } from "./step-functions/step-functions.ts";
import { securityTokens, stsErrorResponse, stsOperationOf } from "./sts/sts.ts";

export interface AwsOptions {
  /** Where state is kept; undefined keeps it in memory. Held by one system at a time. */
  readonly folder?: string | undefined;
  /** Undefined or 0 takes any free port. */
  readonly port?: number | undefined;
  readonly functions?: Readonly<Record<string, LambdaFunction>> | undefined;
  /** Services that live elsewhere; they get the request as it came, past the gate. */
  readonly handlers?: { readonly dynamodb?: RequestHandler | undefined } | undefined;
  readonly clock?: MovableClock | undefined;
  /**
   * Awaited once the server listens and before anything that a former run left behind goes on: here the environment is
   * put into process.env and what the functions need is made ready.
   */
  readonly prepare?: ((aws: Pick<Aws, "url" | "environment">) => void | Promise<void>) | undefined;
}

export interface RequestHandler {
  handle(request: Request): Promise<Response>;
}

export interface Aws {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly faults: Faults;
  readonly clock: MovableClock;
  /** Stops taking requests and lets nothing go on; what was running is resumed by the next start. */
  close(): Promise<void>;
}

const maximumBodyBytes = 17 * 1_048_576;
const maximumMailBytes = 56 * 1_048_576;

/** Starts the AWS of this machine on 127.0.0.1. */
export async function startAws(options: AwsOptions): Promise<Aws> {
  const { folder } = options;
  const lock = folder === undefined ? undefined : lockFolder(folder);
  const journals: Journal[] = [];
  const journal = (name: string): Journal => {
    const opened = openJournal(folder === undefined ? undefined : join(folder, `${name}.jsonl`));
    journals.push(opened);
    return opened;
  };
  const clock = options.clock ?? machineClock();
  const faults = switches();
  const stopping = new AbortController();
  const stop = stopping.signal;

  const functions: Lambda = lambda({
    journal: journal("lambda"),
    clock,
    functions: options.functions ?? {},
    stop,
  });
  const invoker = invokerOf(functions, faults);
  const workflows = stepFunctions({ journal: journal("step-functions"), clock, lambda: invoker, stop });
  const services: Partial<Record<ServiceName, Service>> = {
    secretsmanager: secretsManager(journal("secrets-manager"), clock),
    sfn: workflows,
    lambda: functions,
    sts: securityTokens(),
  };
  const accessKeyId = accessKeyOf(folder);

  async function answer(request: Request): Promise<Response> {
    const requestId = randomUUID();
    let route: Route | undefined;
    try {
      admit(request, accessKeyId);
      const { pathname } = new URL(request.url);
      if (pathname === "/_faults/dynamodb") return await answerElsewhere(options.handlers?.dynamodb, request);
      if (pathname.startsWith("/_faults/")) {
        return answerFaults(request, faults, await readBody(request, 65_536));
      }
      route = routeOf(request);
      if (route === undefined)
        throw new AwsError("UnknownOperationException", "No service answers this.", 404);
      if (route.service === "dynamodb") return await answerElsewhere(options.handlers?.dynamodb, request);
      const { service, path, contentType } = route;
      const handler = services[service];
      if (handler === undefined)
        throw new AwsError("UnknownOperationException", "No service answers this.", 404);
      const body = await readBody(request, service === "sesv2" ? maximumMailBytes : maximumBodyBytes);
      const operation = service === "sts" ? stsOperationOf(body) : route.operation;
      const query = new URL(request.url).searchParams;
      const call = { operation, path, query, headers: request.headers, body, contentType, requestId };
      return await faults.around(service, operation, () => handler.handle(call));
    } catch (thrown) {
      const error = asAwsError(thrown);
      if (error !== thrown) console.error(`request ${requestId} failed`, thrown);
      if (route?.service === "sts") return stsErrorResponse(error, requestId);
      return errorResponse(error, requestId, route?.contentType ?? "application/json");
    }
  }

  const listener = getRequestListener(answer, { overrideGlobalObjects: false });
  const server = createServer((incoming, outgoing) => {
    listener(incoming, outgoing).catch((error: unknown) => {
      console.error("an answer could not be sent", error);
      outgoing.destroy();
    });
  });
  server.headersTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  }).catch((error: unknown) => {
    lock?.release();
    throw error;
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const environment = environmentOf(url, accessKeyId);

  const close = async (): Promise<void> => {
    stopping.abort(new Error("the machine is stopping"));
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
    for (const one of journals) one.close();
    lock?.release();
  };
  try {
    await options.prepare?.({ url, environment });
  } catch (error) {
    await close();
    throw error;
  }
  functions.resume();
  workflows.resume();
  return { url, environment, faults, clock, close };
}

async function answerElsewhere(handler: RequestHandler | undefined, request: Request): Promise<Response> {
  if (handler === undefined)
    throw new AwsError("UnknownOperationException", "DynamoDB is not running here.", 400);
  return await handler.handle(request);
}
