import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { SFNClient } from "@aws-sdk/client-sfn";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** Clients of AWS for one composition root: made once per cold start, with connections that are kept. Every wait has
 * an end that leaves time for an answer within the 30 s of API Gateway. */
const options = (region: string, requestTimeout: number) => ({
  region,
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1500, requestTimeout, throwOnRequestTimeout: true },
});

export function tableClient(region: string): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient(options(region, 4000)), {
    marshallOptions: { removeUndefinedValues: true },
  });
}

export function secretsClient(region: string): SecretsManagerClient {
  return new SecretsManagerClient(options(region, 4000));
}

export function workflowClient(region: string): SFNClient {
  return new SFNClient(options(region, 4000));
}

/** A broker's turn may wait for a slow database; its own time limit is below this. One attempt: the caller decides. */
export function functionClient(region: string): LambdaClient {
  return new LambdaClient({ ...options(region, 120_000), maxAttempts: 1 });
}

export function mailClient(region: string): SESv2Client {
  return new SESv2Client(options(region, 8000));
}
