import { z } from "zod";
import { AwsError } from "./aws-error.ts";
import { type Faults, faultRules, serviceNames } from "./faults.ts";

/** `POST /_faults/<service>` with `{"rules":[…]}` replaces the rules of a service; `GET` shows them and their strikes. */
export function answerFaults(request: Request, faults: Faults, body: Uint8Array): Response {
  const name = new URL(request.url).pathname.slice("/_faults/".length);
  const service = serviceNames.find((one) => one === name);
  if (service === undefined) throw new AwsError("ResourceNotFoundException", "No such service.", 404);
  if (request.method === "POST") {
    const parsed = faultRules.safeParse(parseJson(body));
    if (!parsed.success) throw new AwsError("ValidationException", z.prettifyError(parsed.error));
    faults.set(service, parsed.data.rules);
  } else if (request.method !== "GET") {
    throw new AwsError("ValidationException", "Only GET and POST.", 405);
  }
  return Response.json({ rules: faults.rules(service) });
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new AwsError("ValidationException", "The body is not JSON.");
  }
}
