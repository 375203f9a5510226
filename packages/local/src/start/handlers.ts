import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import type { LambdaFunction, LambdaHandler } from "../aws/lambda/function.ts";
import { checkout } from "./state-folder.ts";

const folder = join(checkout, "packages/functions/src/handlers");

/** The name of the function that is made from `handlers/<handler>.ts`. */
export function functionName(handler: string): string {
  return `daypass-${handler}`;
}

/** The application's Lambda handlers, unchanged, by the names of their functions. */
export function applicationFunctions(): Record<string, LambdaFunction> {
  return Object.fromEntries(
    Object.entries(timeoutsMs).map(([name, timeoutMs]) => [
      functionName(name),
      { load: () => load(name), timeoutMs },
    ]),
  );
}

/** The api function ends before API Gateway gives up on it, a turn of the broker before its workflow does, and the
 * runner before the api function stops waiting for it. */
const timeoutsMs = {
  api: 29_000,
  "api-stream": 60_000,
  broker: 110_000,
  runner: 10_000,
  sweep: 110_000,
  notify: 60_000,
  archive: 60_000,
};

const handlerModule = z.object({
  handler: z.custom<LambdaHandler>((value) => typeof value === "function", "is not a function"),
});

async function load(name: string): Promise<LambdaHandler> {
  return handlerModule.parse(await import(pathToFileURL(join(folder, `${name}.ts`)).href)).handler;
}
