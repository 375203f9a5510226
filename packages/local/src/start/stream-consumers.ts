import { randomUUID } from "node:crypto";
import { runBuffered } from "../aws/lambda/invocation.ts";
import type { LoadedFunctions } from "../aws/lambda/loaded-functions.ts";
import type { Clock } from "../aws/server/clock.ts";
import type { DynamoDb } from "../dynamodb/dynamodb.ts";
import type { DynamoDBBatchResponse, EventSource } from "../dynamodb/event-source.ts";
import { application } from "./application.ts";
import { functionName } from "./handlers.ts";

/** Which functions follow the table's stream, and how many of its records they get at once. */
const consumers = { notify: 25, archive: 100 } as const;

/** Follows the table's stream with the functions that AWS would call, each on its own: at most five attempts, then the
 * record is left behind, as a failure destination would get it. */
export function followStream(
  dynamodb: DynamoDb,
  functions: LoadedFunctions,
  clock: Clock,
): Pick<EventSource, "stop"> {
  const sources = Object.entries(consumers).map(([consumer, batchSize]) => {
    const name = functionName(consumer);
    const { definition } = functions.find(name);
    return dynamodb.pollStream({
      table: application.table,
      name: consumer,
      batchSize,
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
  });
  return {
    stop: async () => {
      await Promise.all(sources.map((source) => source.stop()));
    },
  };
}
