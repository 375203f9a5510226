import { LambdaClient } from "@aws-sdk/client-lambda";
import { clientOptions } from "./options.ts";

/** A broker's turn may wait for a slow database; its own time limit is below this. One attempt: the caller decides. */
export function functionClient(region: string, requestTimeoutMs = 120_000): LambdaClient {
  return new LambdaClient({ ...clientOptions(region, requestTimeoutMs), maxAttempts: 1 });
}
