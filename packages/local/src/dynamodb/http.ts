import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { z } from "zod";
import type { Database } from "./database.ts";
import { AwsFailure, asFailure } from "./failure.ts";
import { parseFaultRules } from "./faults.ts";
import type { Operation } from "./operations.ts";
import { answerInPart } from "./partial-answer.ts";
import { cancelled } from "./transact-write.ts";

const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Where tests set faults while the server runs: POST `{ rules: [...] }`, which takes the place of all others. */
export const FAULTS_PATH = "/_faults/dynamodb";

/** Answers AWS JSON 1.0 requests, and the fault switches. Never rejects. */
export function createHandler(
  database: Database,
  operations: ReadonlyMap<string, Operation>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      if (new URL(request.url).pathname === FAULTS_PATH) return await setFaults(database, request);
      return answer(200, await call(database, operations, request));
    } catch (error) {
      const failure = asFailure(error) ?? internal(error);
      return answer(failure.status, failure.body());
    }
  };
}

async function call(
  database: Database,
  operations: ReadonlyMap<string, Operation>,
  request: Request,
): Promise<object> {
  const target = request.headers.get("x-amz-target") ?? "";
  const operation = operations.get(target);
  if (request.method !== "POST" || operation === undefined) {
    throw new AwsFailure("UnknownOperationException", `Unknown operation ${target}`);
  }
  checkSigned(request.headers.get("authorization"));
  const input = await bodyOf(request);
  const name = target.slice(target.indexOf(".") + 1);
  const strike = database.faults.strike({ operation: name, tables: tablesOf(input) }, () =>
    conflict(name, input),
  );
  if (strike.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, strike.delayMs));
  if (strike.failure !== undefined) throw strike.failure;
  const output = await answerInPart(operation, input, strike);
  if (strike.losesAnswer) throw new AwsFailure("InternalServerError", "Internal server error", {}, 500);
  return output;
}

/** Signatures are not verified on loopback, but an unsigned request is refused as AWS refuses it. */
function checkSigned(authorization: string | null): void {
  if (authorization === null || !authorization.startsWith("AWS4-HMAC-SHA256 ")) {
    throw new AwsFailure("MissingAuthenticationTokenException", "Request is missing Authentication Token");
  }
  for (const part of ["Credential", "SignedHeaders", "Signature"]) {
    if (!new RegExp(`[ ,]${part}=[^, ]+`).test(authorization)) {
      const message = `Authorization header requires '${part}' parameter.`;
      throw new AwsFailure("IncompleteSignatureException", message);
    }
  }
}

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const text = await request.text();
  if (Buffer.byteLength(text) > MAX_BODY_BYTES) throw tooLarge();
  const body = parseJson(text);
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw notAnObject();
  return body as Record<string, unknown>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw notAnObject();
    throw error;
  }
}

async function setFaults(database: Database, request: Request): Promise<Response> {
  if (request.method !== "POST") return answer(405, { message: "POST { rules: [...] }" });
  // A page of another origin cannot send this type without asking first.
  if (request.headers.get("content-type")?.split(";")[0]?.trim() !== "application/json") {
    return answer(415, { message: "Content-Type must be application/json" });
  }
  try {
    database.faults.set(parseFaultRules(await bodyOf(request)));
  } catch (error) {
    if (error instanceof z.ZodError) return answer(400, { message: z.prettifyError(error) });
    throw error;
  }
  return answer(200, { rules: database.faults.rules() });
}

function tablesOf(input: Record<string, unknown>): string[] {
  const { TableName, RequestItems, TransactItems } = input;
  if (typeof TableName === "string") return [TableName];
  if (typeof RequestItems === "object" && RequestItems !== null) return Object.keys(RequestItems);
  if (!Array.isArray(TransactItems)) return [];
  const actions = TransactItems.flatMap((item: unknown) => Object.values(item ?? {}));
  return actions.flatMap((action: unknown) =>
    typeof action === "object" && action !== null && "TableName" in action ? [String(action.TableName)] : [],
  );
}

function conflict(operation: string, input: Record<string, unknown>): AwsFailure {
  const message = "Transaction is ongoing for the item";
  if (!operation.startsWith("Transact")) return new AwsFailure("TransactionConflictException", message);
  const count = Array.isArray(input.TransactItems) ? input.TransactItems.length : 1;
  const first = { Code: "TransactionConflict", Message: message };
  return cancelled([first, ...Array.from({ length: count - 1 }, () => ({ Code: "None" }))]);
}

function notAnObject(): AwsFailure {
  return new AwsFailure("SerializationException", "The request body is not a JSON object");
}

function tooLarge(): AwsFailure {
  return new AwsFailure("RequestEntityTooLargeException", "The request is larger than 16 MB", {}, 413);
}

function internal(error: unknown): AwsFailure {
  console.error("DynamoDB:", error);
  return new AwsFailure("InternalServerError", "Internal server error", {}, 500);
}

function answer(status: number, body: object): Response {
  const text = JSON.stringify(body);
  return new Response(text, {
    status,
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amzn-requestid": randomBytes(26).toString("hex").toUpperCase(),
      "x-amz-crc32": String(crc32(text)),
    },
  });
}
