import { randomUUID } from "node:crypto";
import type { MachineServices } from "./machine-services.ts";
import { s3ErrorResponse } from "./s3/xml.ts";
import { AwsError, asAwsError, errorResponse } from "./server/aws-error.ts";
import type { Faults } from "./server/faults.ts";
import { answerFaults } from "./server/faults-route.ts";
import { admit, readBody } from "./server/gate.ts";
import { type Route, routeOf } from "./server/route.ts";
import { answerMailbox } from "./ses/mailbox-route.ts";
import { stsErrorResponse, stsOperationOf } from "./sts/sts.ts";

/** A service that lives elsewhere; it gets the request as it came, past the gate. */
export interface RequestHandler {
  handle(request: Request): Promise<Response>;
}

interface Parts {
  readonly accessKeyId: string;
  readonly services: MachineServices;
  readonly faults: Faults;
  readonly dynamodb: RequestHandler | undefined;
}

const maximumBodyBytes = 17 * 1_048_576;
/** 40 MB of mail in base64. */
const maximumMailBytes = 56 * 1_048_576;
const maximumRulesBytes = 65_536;

/** Answers one request to the machine: gate, switches, service. Never rejects. */
export async function answer(request: Request, parts: Parts): Promise<Response> {
  const requestId = randomUUID();
  let route: Route | undefined;
  try {
    admit(request, parts.accessKeyId);
    const aside = await answerAside(request, parts);
    if (aside !== undefined) return aside;
    route = routeOf(request);
    if (route === undefined) throw unanswered("No service answers this.");
    if (route.service === "dynamodb") return await answerElsewhere(request, parts.dynamodb);
    return await answerService(request, route, route.service, requestId, parts);
  } catch (thrown) {
    const error = asAwsError(thrown);
    if (error !== thrown) console.error(`request ${requestId} failed`, thrown);
    if (route?.service === "s3") return s3ErrorResponse(error, requestId);
    if (route?.service === "sts") return stsErrorResponse(error, requestId);
    return errorResponse(error, requestId, route?.contentType ?? "application/json");
  }
}

async function answerService(
  request: Request,
  route: Route,
  service: Exclude<Route["service"], "dynamodb">,
  requestId: string,
  { services, faults }: Parts,
): Promise<Response> {
  const body = await readBody(request, service === "sesv2" ? maximumMailBytes : maximumBodyBytes);
  const operation = service === "sts" ? stsOperationOf(body) : route.operation;
  const { path, contentType } = route;
  const query = new URL(request.url).searchParams;
  const call = { operation, path, query, headers: request.headers, body, contentType, requestId };
  return await faults.around(service, operation, () => services.byName[service].handle(call));
}

/** The switches and the mailbox, which AWS does not have. */
async function answerAside(request: Request, parts: Parts): Promise<Response | undefined> {
  const { pathname } = new URL(request.url);
  if (pathname === "/_faults/dynamodb") return await answerElsewhere(request, parts.dynamodb);
  if (pathname.startsWith("/_faults/")) {
    return answerFaults(request, parts.faults, await readBody(request, maximumRulesBytes));
  }
  if (request.method === "GET" && /^\/mailbox(\/|$)/.test(pathname)) {
    return answerMailbox(request, parts.services.mails);
  }
  return undefined;
}

async function answerElsewhere(request: Request, handler: RequestHandler | undefined): Promise<Response> {
  if (handler === undefined) throw unanswered("DynamoDB is not running here.");
  return await handler.handle(request);
}

function unanswered(message: string): AwsError {
  return new AwsError("UnknownOperationException", message, 404);
}
