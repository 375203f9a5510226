import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient, UpdateTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { grantWorkflow } from "@daypass/core/grant/grant.workflow.ts";
import type { UserRef } from "@daypass/core/identity/user.view.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { tableDefinition, timeToLiveAttribute } from "@daypass/core/kernel/table.definition.ts";
import { accessKeyOf } from "@daypass/local/aws/server/access-key.ts";
import { arnOf } from "@daypass/local/aws/server/arn.ts";
import { environmentOf } from "@daypass/local/aws/server/environment.ts";
import { applicationEnvironment } from "@daypass/local/start/application.ts";
import { grantMachine } from "./grant-machine.ts";
import { type Part, startPart } from "./part.ts";

/** The one for which the servers of the tests are made ready. */
export const stack = "test";
export const table = "daypass";
const brokers = 2;
/** On AWS none of them takes processor time from the API; on two cores they get what it leaves. */
export const aside = getPriority() + 5;

/** The system, each part in a process of its own. */
export type Machines = {
  table: { client: DynamoDBDocumentClient; name: string };
  secrets: SecretsManagerClient;
  workflows: SFNClient;
  stateMachineArn: string;
  holder: UserRef;
  api: Part<{ holder: UserRef }>;
  peaksMb(): Record<string, number>;
  processorSeconds(): Record<string, number>;
  close(): Promise<void>;
};

export async function startMachines(network: { id: Id<"network">; name: string }): Promise<Machines> {
  const folder = await mkdtemp(join(tmpdir(), "daypass-many-grants-"));
  const parts = new Map<string, Part<{ url: string }>>();
  const clients: { destroy(): void }[] = [];
  const close = async () => {
    for (const client of clients) client.destroy();
    await Promise.all([...parts.values()].map((part) => part.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  const start = async (
    name: string,
    file: string,
    environment: Record<string, string>,
    niceness = getPriority(),
  ) => {
    const part = await startPart<{ url: string }>(file, environment, niceness);
    parts.set(name, part);
    return part;
  };
  try {
    // One key for both: the table and the other services are one AWS.
    const [tableAws, machineAws] = [join(folder, "table-aws"), join(folder, "machine-aws")];
    const accessKeyId = accessKeyOf(tableAws);
    await mkdir(machineAws, { mode: 0o700 });
    await copyFile(join(tableAws, "access-key"), join(machineAws, "access-key"));
    const dynamodb = await start("table", "table", {
      BENCH_TABLE_FOLDER: join(folder, "table"),
      BENCH_AWS_FOLDER: tableAws,
    });
    const functions: Record<string, string[]> = { "daypass-broker": [], "daypass-sweep": [] };
    for (let number = 1; number <= brokers; number += 1) {
      const broker = await start(`broker ${number}`, "function", { BENCH_HANDLER: "broker" }, aside);
      functions["daypass-broker"]?.push(broker.ready.url);
    }
    const sweep = await start("sweep", "function", { BENCH_HANDLER: "sweep" }, aside);
    functions["daypass-sweep"]?.push(sweep.ready.url);
    const settings = { BENCH_AWS_FOLDER: machineAws, BENCH_FUNCTIONS: JSON.stringify(functions) };
    const machine = await start("timers and secrets", "machine", settings, aside);
    const environment = {
      ...environmentOf(machine.ready.url, accessKeyId),
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.ready.url,
      ...applicationEnvironment({
        origin: "http://127.0.0.1:4400",
        oidc: { issuer: "http://127.0.0.1:4401", clientId: "daypass" },
        network,
      }),
      DAYPASS_STACK: stack,
      DAYPASS_TABLE: table,
    };
    const common = { region: "us-east-1", credentials: { accessKeyId, secretAccessKey: "unused" } };
    const bare = new DynamoDBClient({ ...common, endpoint: dynamodb.ready.url });
    const client = DynamoDBDocumentClient.from(bare, { marshallOptions: { removeUndefinedValues: true } });
    const workflows = new SFNClient({ ...common, endpoint: machine.ready.url });
    const secrets = new SecretsManagerClient({ ...common, endpoint: machine.ready.url });
    const scheduler = new SchedulerClient({ ...common, endpoint: machine.ready.url });
    clients.push(bare, client, workflows, secrets, scheduler);
    await bare.send(new CreateTableCommand(tableDefinition(table)));
    await bare.send(
      new UpdateTimeToLiveCommand({
        TableName: table,
        TimeToLiveSpecification: { AttributeName: timeToLiveAttribute, Enabled: true },
      }),
    );
    for (const [name, part] of parts) {
      if (name.startsWith("broker") || name === "sweep") await part.ask(environment);
    }
    const api = await startPart<{ url: string; holder: UserRef }>("api", environment);
    parts.set("api", api);
    const roleArn = "arn:aws:iam::000000000000:role/daypass-local";
    const { stateMachineArn = "" } = await workflows.send(
      new CreateStateMachineCommand({
        name: grantMachine,
        definition: JSON.stringify(grantWorkflow(arnOf.function("daypass-broker"))),
        roleArn,
        type: "STANDARD",
      }),
    );
    await scheduler.send(
      new CreateScheduleCommand({
        Name: "daypass-sweep",
        ScheduleExpression: "rate(1 minute)",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { Arn: arnOf.function("daypass-sweep"), RoleArn: roleArn, Input: "{}" },
      }),
    );
    return {
      table: { client, name: table },
      secrets,
      workflows,
      stateMachineArn,
      holder: api.ready.holder,
      api,
      peaksMb: () => Object.fromEntries([...parts].map(([name, part]) => [name, part.peakMb()])),
      processorSeconds: () =>
        Object.fromEntries([...parts].map(([name, part]) => [name, part.processorSeconds()])),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
