import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import {
  DeleteTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  ResourceNotFoundException,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
import { createDynamoDb, type DynamoDb } from "@daypass/local/dynamodb/dynamodb.ts";

/** The SDK's clients on the endpoint under test. */
export type Endpoint = {
  url: string;
  configuration: DynamoDBClientConfig;
  dynamodb: DynamoDBClient;
  streams: DynamoDBStreamsClient;
  documents: DynamoDBDocument;
  /** Tables that were made and not deleted yet. */
  made: Set<string>;
  /** Deletes them: a test that failed half-way leaves nothing behind. */
  close(): Promise<void>;
};

/** What AWS_ENDPOINT_URL_DYNAMODB names, or ours, in memory, on a free port of loopback. */
export async function openEndpoint(): Promise<Endpoint> {
  const foreign = process.env.AWS_ENDPOINT_URL_DYNAMODB;
  if (foreign !== undefined) return clientsOf({ endpoint: foreign }, async () => undefined);
  return serve(await createDynamoDb({ folder: undefined, region: "eu-west-1" }));
}

/** Serves the given one, which is closed with the endpoint. */
export async function serve(local: DynamoDb): Promise<Endpoint> {
  const server = createServer((incoming, outgoing) => {
    answer(local, incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error));
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  return clientsOf({ endpoint: url, credentials }, async () => {
    server.close();
    server.closeAllConnections();
    await local.close();
  });
}

const credentials = { accessKeyId: "local", secretAccessKey: "local" };

/** A client that tries once, for tests that want to see the error itself. */
export function clientWithoutRetries(endpoint: Endpoint): DynamoDBDocument {
  return documentsOf(new DynamoDBClient({ ...endpoint.configuration, maxAttempts: 1 }));
}

/** Without credentials the SDK finds them as it always does: environment, profile, single sign-on. */
function clientsOf(
  given: Pick<DynamoDBClientConfig, "credentials"> & { endpoint: string },
  close: () => Promise<void>,
): Endpoint {
  const configuration = { ...given, region: process.env["AWS_REGION"] ?? "eu-west-1" };
  const dynamodb = new DynamoDBClient(configuration);
  const streamsAt = process.env["AWS_ENDPOINT_URL_DYNAMODB_STREAMS"];
  const streams = new DynamoDBStreamsClient({
    ...configuration,
    ...(given.credentials || !streamsAt ? {} : { endpoint: streamsAt }),
  });
  const documents = documentsOf(dynamodb);
  const made = new Set<string>();
  return {
    url: given.endpoint,
    configuration,
    dynamodb,
    streams,
    documents,
    made,
    async close() {
      // Ours go with their server, or are meant to stay in its folder.
      if (given.credentials === undefined) for (const name of made) await deleteLeftover(dynamodb, name);
      dynamodb.destroy();
      streams.destroy();
      await close();
    },
  };
}

async function deleteLeftover(client: DynamoDBClient, TableName: string): Promise<void> {
  await client.send(new DeleteTableCommand({ TableName })).catch((error: unknown) => {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  });
}

function documentsOf(client: DynamoDBClient): DynamoDBDocument {
  return DynamoDBDocument.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function answer(local: DynamoDb, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
  const method = incoming.method ?? "GET";
  const body = method === "GET" || method === "HEAD" ? {} : { body: Buffer.concat(chunks) };
  const url = `http://${incoming.headers.host ?? "127.0.0.1"}${incoming.url ?? "/"}`;
  const response = await local.handle(new Request(url, { method, headers, ...body }));
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}
