import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { SFNClient } from "@aws-sdk/client-sfn";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** Clients of AWS for one composition root: made once per cold start, with connections that are kept. Every wait has
 * an end that leaves time for an answer within the 30 s of API Gateway. */
export const clientOptions = (region: string, requestTimeout: number) => ({
  region,
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1500, requestTimeout, throwOnRequestTimeout: true },
});

export function tableClient(region: string): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(region, 4000)), {
    marshallOptions: { removeUndefinedValues: true },
  });
}

export function secretsClient(region: string): SecretsManagerClient {
  return new SecretsManagerClient(clientOptions(region, 4000));
}

export function workflowClient(region: string): SFNClient {
  return new SFNClient(clientOptions(region, 4000));
}

/** A broker's turn may wait for a slow database; its own time limit is below this. One attempt: the caller decides. */
export function functionClient(region: string, requestTimeoutMs = 120_000): LambdaClient {
  return new LambdaClient({ ...clientOptions(region, requestTimeoutMs), maxAttempts: 1 });
}

export function mailClient(region: string): SESv2Client {
  return new SESv2Client(clientOptions(region, 8000));
}
