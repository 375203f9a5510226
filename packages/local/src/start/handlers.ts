import { readdir } from "node:fs/promises";
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

/** Every Lambda handler of the application, unchanged, by the name of its function. */
export async function listFunctions(): Promise<Record<string, LambdaFunction>> {
  const files = await readdir(folder);
  const names = files
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => file.slice(0, -3));
  return Object.fromEntries(
    names.map((name) => [
      functionName(name),
      {
        load: () => load(name),
        timeoutMs: timeoutsMs[name] ?? defaultTimeoutMs,
        environment: environmentOf(name),
      },
    ]),
  );
}

const defaultTimeoutMs = 60_000;
/** The api function ends before API Gateway gives up on it; a turn of the broker has two minutes in the workflow. */
const timeoutsMs: Record<string, number> = { api: 29_000, broker: 110_000, sweeper: 110_000 };

/** What Lambda puts into the environment of a function, and its logger reads. */
function environmentOf(name: string): Record<string, string> {
  return { AWS_LAMBDA_FUNCTION_NAME: functionName(name), POWERTOOLS_SERVICE_NAME: name };
}

const handlerModule = z.object({
  handler: z.custom<LambdaHandler>((value) => typeof value === "function", "is not a function"),
});

async function load(name: string): Promise<LambdaHandler> {
  return handlerModule.parse(await import(pathToFileURL(join(folder, `${name}.ts`)).href)).handler;
}
