import { AwsError } from "./aws-error.ts";
import type { JsonOperation } from "./json-operation.ts";

/** One call as a service gets it: the gate is passed and the body is read. */
export interface ServiceCall {
  readonly operation: string;
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly requestId: string;
}

/** One service of AWS. Errors are thrown as AwsError. */
export interface Service {
  handle(call: ServiceCall): Promise<Response>;
}

/** A service whose requests and answers are JSON; path and query join the body's members. */
export function jsonService(operations: Readonly<Record<string, JsonOperation>>): Service {
  return {
    handle: async (call) => {
      const run = Object.hasOwn(operations, call.operation) ? operations[call.operation] : undefined;
      if (run === undefined) {
        throw new AwsError("UnknownOperationException", `${call.operation} is not supported on one machine.`);
      }
      const output = await run({ ...bodyOf(call), ...Object.fromEntries(call.query), ...call.path });
      return new Response(JSON.stringify(output ?? {}), {
        headers: { "content-type": call.contentType, "x-amzn-requestid": call.requestId },
      });
    },
  };
}

function bodyOf(call: ServiceCall): object {
  if (call.body.length === 0) return {};
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(call.body));
  } catch {
    throw new AwsError("SerializationException", "The body is not JSON.");
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new AwsError("SerializationException", "The body is not a JSON object.");
  }
  return body;
}
