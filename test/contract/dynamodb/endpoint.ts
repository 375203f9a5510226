import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
import { createDynamoDb, type DynamoDb } from "@daypass/local/dynamodb/dynamodb.ts";

/** The SDK's clients on the endpoint under test. */
export type Endpoint = {
  url: string;
  dynamodb: DynamoDBClient;
  streams: DynamoDBStreamsClient;
  documents: DynamoDBDocument;
  close(): Promise<void>;
};

/** What AWS_ENDPOINT_URL_DYNAMODB names, or ours, in memory, on a free port of loopback. */
export async function openEndpoint(): Promise<Endpoint> {
  const foreign = process.env.AWS_ENDPOINT_URL_DYNAMODB;
  if (foreign !== undefined) return clientsOf(foreign, async () => undefined);
  return serve(await createDynamoDb({ folder: undefined, region: "eu-west-1" }));
}

/** Serves the given one, which is closed with the endpoint. */
export async function serve(local: DynamoDb): Promise<Endpoint> {
  const server = createServer((incoming, outgoing) => {
    answer(local, incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error));
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  return clientsOf(url, async () => {
    server.close();
    server.closeAllConnections();
    await local.close();
  });
}

/** A client that tries once, for tests that want to see the error itself. */
export function clientWithoutRetries(endpoint: Endpoint): DynamoDBDocument {
  return documentsOf(new DynamoDBClient({ ...configuration(endpoint.url), maxAttempts: 1 }));
}

function clientsOf(url: string, close: () => Promise<void>): Endpoint {
  const dynamodb = new DynamoDBClient(configuration(url));
  const streams = new DynamoDBStreamsClient(configuration(url));
  const documents = documentsOf(dynamodb);
  return {
    url,
    dynamodb,
    streams,
    documents,
    async close() {
      dynamodb.destroy();
      streams.destroy();
      await close();
    },
  };
}

function configuration(endpoint: string): DynamoDBClientConfig {
  const local = endpoint.startsWith("http://127.0.0.1");
  return {
    endpoint,
    region: process.env.AWS_REGION ?? "eu-west-1",
    ...(local ? { credentials: { accessKeyId: "local", secretAccessKey: "local" } } : {}),
  };
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
