import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DynamoDBClient, ListTablesCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import {
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
} from "@aws-sdk/client-sfn";
import { accessKeyOf } from "../../packages/local/src/aws/server/access-key.ts";
import {
  administratorName,
  administratorPassword,
} from "../../packages/local/src/target/postgres/administrator.ts";
import type { System } from "./system.ts";

/** What an outsider with all keys could read of a running system: its table, secrets, executions and files. */
export async function behind(system: System) {
  const client = await clientOf(system);
  const table = new DynamoDBClient(client);
  const secrets = new SecretsManagerClient(client);
  const workflows = new SFNClient(client);
  return {
    /** Every item of every table, as text. */
    async tableText(): Promise<string> {
      const { TableNames = [] } = await table.send(new ListTablesCommand({}));
      const parts: string[] = [];
      for (const TableName of TableNames) {
        let start: Record<string, never> | undefined;
        do {
          const page = await table.send(
            new ScanCommand({ TableName, ...(start ? { ExclusiveStartKey: start } : {}) }),
          );
          parts.push(JSON.stringify(page.Items));
          start = page.LastEvaluatedKey as typeof start;
        } while (start);
      }
      return parts.join("\n");
    },
    async secretNames(): Promise<string[]> {
      const names: string[] = [];
      let token: string | undefined;
      do {
        const page = await secrets.send(
          new ListSecretsCommand({ MaxResults: 100, ...(token ? { NextToken: token } : {}) }),
        );
        names.push(...(page.SecretList ?? []).flatMap((secret) => secret.Name ?? []));
        token = page.NextToken;
      } while (token);
      return names;
    },
    /** Inputs, outputs and histories of all executions. */
    async executionText(): Promise<string> {
      const { stateMachines = [] } = await workflows.send(new ListStateMachinesCommand({}));
      const parts: string[] = [];
      for (const { stateMachineArn } of stateMachines) {
        const { executions = [] } = await workflows.send(
          new ListExecutionsCommand({ stateMachineArn, maxResults: 1000 }),
        );
        for (const { executionArn } of executions) {
          const history = await workflows.send(
            new GetExecutionHistoryCommand({ executionArn, includeExecutionData: true }),
          );
          parts.push(JSON.stringify(history.events));
        }
      }
      return parts.join("\n");
    },
    /** Files of the state folder (without those of the database and of Secrets Manager) that hold this text. */
    async filesWith(text: string): Promise<string[]> {
      const found: string[] = [];
      for (const entry of await readdir(system.home, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        const own = path.slice(system.home.length + 1);
        if (!entry.isFile() || own.startsWith("postgres/data") || own.startsWith("aws/")) continue;
        if ((await readFile(path)).includes(text)) found.push(own);
      }
      return found;
    },
    /** Mails that were sent to this address, newest first. */
    async mailsTo(address: string): Promise<{ subject: string; text: string }[]> {
      const answer = await fetch(`${client.endpoint}/mailbox/messages?to=${encodeURIComponent(address)}`);
      const { messages } = (await answer.json()) as { messages: { subject: string; text: string }[] };
      return messages;
    },
    /** Log files of the database server, as text. */
    async databaseLog(): Promise<string> {
      const folder = join(system.home, "postgres");
      const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".log"));
      return (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("\n");
    },
    async administrator() {
      const pidFile = await readFile(join(system.home, "postgres", "data", "postmaster.pid"), "utf8");
      return {
        host: "127.0.0.1",
        port: Number(pidFile.split("\n")[3]),
        username: administratorName,
        password: await administratorPassword(join(system.home, "postgres")),
      };
    },
  };
}

/** The system's AWS, as whoever has its key reaches it. */
export async function clientOf(system: System) {
  const remembered = JSON.parse(await readFile(join(system.home, "remembered.json"), "utf8")) as {
    awsPort: number;
  };
  return {
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${remembered.awsPort}`,
    credentials: { accessKeyId: accessKeyOf(join(system.home, "aws")), secretAccessKey: "unused" },
  };
}
