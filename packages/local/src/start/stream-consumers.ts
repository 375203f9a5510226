import { randomUUID } from "node:crypto";
import { runBuffered } from "../aws/lambda/invocation.ts";
import type { LoadedFunctions } from "../aws/lambda/loaded-functions.ts";
import type { Clock } from "../aws/server/clock.ts";
import type { DynamoDb } from "../dynamodb/dynamodb.ts";
import type { DynamoDBBatchResponse, EventSource } from "../dynamodb/event-source.ts";
import { application } from "./application.ts";
import { functionName } from "./handlers.ts";

/** Follows the table's stream with the functions that AWS would call: at most five attempts, then the record is left
 * behind, as a failure destination would get it. */
export function followStream(dynamodb: DynamoDb, functions: LoadedFunctions, clock: Clock): EventSource {
  const name = functionName("notify");
  const { definition } = functions.find(name);
  return dynamodb.pollStream({
    table: application.table,
    name: "notify",
    batchSize: 25,
    maximumAttempts: 5,
    handler: async (event) => {
      const requestId = randomUUID();
      const answer = await runBuffered({
        name,
        requestId,
        definition,
        handler: () => functions.handler(name),
        event,
        clock,
      });
      if (answer.error !== undefined) throw new Error(`${name} failed: ${answer.payload}`);
      return JSON.parse(answer.payload) as DynamoDBBatchResponse;
    },
    onFailure: async (records, cause) => {
      console.error(`${records.length} records of the stream were given up by ${name}: ${String(cause)}`);
    },
  });
}
