import type { LambdaContext, LambdaFunction } from "@daypass/local/aws/lambda/function.ts";
import { startAws } from "@daypass/local/aws/start-aws.ts";
import { bePart } from "./part.ts";

/** Step Functions, Lambda, Secrets Manager and the Scheduler; the functions themselves run in other processes. */
const { BENCH_AWS_FOLDER: folder, BENCH_FUNCTIONS: given = "{}" } = process.env;
const workers = JSON.parse(given) as Record<string, string[]>;

function forwarded(urls: readonly string[], timeoutMs: number): LambdaFunction {
  let calls = 0;
  return {
    timeoutMs,
    load: async () => async (event: unknown, context: LambdaContext) => {
      calls += 1;
      const answer = await fetch(urls[calls % urls.length] ?? "", {
        method: "POST",
        body: JSON.stringify({
          event,
          requestId: context.awsRequestId,
          remainingMs: context.getRemainingTimeInMillis(),
        }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(text);
      return JSON.parse(text) as unknown;
    },
  };
}

const functions = Object.fromEntries(
  Object.entries(workers).map(([name, urls]) => [name, forwarded(urls, 110_000)]),
);
const { url, environment } = await startAws({ folder, functions });
await bePart({ url, environment });
