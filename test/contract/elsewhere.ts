import { spawn } from "node:child_process";
import { startAws } from "@daypass/local/aws/start-aws.ts";
import { createDynamoDb } from "@daypass/local/dynamodb/dynamodb.ts";

/** `npm run test:contract`: the contract suites against endpoints that they know from the environment alone. Without any
 * there, the AWS of this machine is started in this process, and the suites run in another: what they would do to
 * another implementation, or to AWS, they do to it. */
const isGiven = Object.keys(process.env).some((name) => name.startsWith("AWS_ENDPOINT_URL_"));
const dynamodb = isGiven ? undefined : await createDynamoDb({ folder: undefined });
const aws = dynamodb && (await startAws({ handlers: { dynamodb } }));

const child = spawn(
  "npx",
  ["vitest", "run", "--project", "contract", "--maxWorkers=2"].concat(process.argv.slice(2)),
  {
    stdio: "inherit",
    env: { ...process.env, ...aws?.environment },
  },
);
child.on("close", (code) => {
  process.exitCode = code ?? 1;
  Promise.resolve(aws?.close())
    .then(() => dynamodb?.close())
    .catch((error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    });
});
