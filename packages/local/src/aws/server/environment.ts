import { region } from "./arn.ts";

/**
 * What a process needs in its environment so that its AWS clients talk to this machine. What is not listed goes to
 * port 9, where nobody listens: a forgotten service fails, it never reaches the real AWS.
 */
export function environmentOf(url: string, accessKeyId: string): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: "not-checked-on-one-machine",
    // Neither a profile nor the instance metadata may lend real credentials.
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_ENDPOINT_URL: "http://127.0.0.1:9",
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
    AWS_ENDPOINT_URL_SFN: url,
    AWS_ENDPOINT_URL_LAMBDA: url,
    AWS_ENDPOINT_URL_S3: url,
    AWS_ENDPOINT_URL_SCHEDULER: url,
    AWS_ENDPOINT_URL_SESV2: url,
    AWS_ENDPOINT_URL_STS: url,
  };
}
