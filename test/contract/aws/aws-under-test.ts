import { type Aws, type AwsOptions, startAws } from "@daypass/local/aws/start-aws.ts";

/** What a contract suite talks to. `ours` is undefined when the suite is pointed at another implementation. */
export interface AwsUnderTest {
  readonly ours: Aws | undefined;
  /** The configuration of an SDK client for one service. */
  client(service: ServiceVariable): ClientConfiguration;
  close(): Promise<void>;
}

type ServiceVariable = "SECRETS_MANAGER" | "SFN" | "LAMBDA" | "SCHEDULER" | "SESV2" | "STS" | "S3";

/** Without credentials the SDK finds them as it always does: environment, profile, single sign-on. */
export interface ClientConfiguration {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** `AWS_ENDPOINT_URL_<SERVICE>` in the environment wins; else this machine's AWS is started, in memory. */
export async function awsUnderTest(
  service: ServiceVariable,
  options: AwsOptions = {},
): Promise<AwsUnderTest> {
  const elsewhere = process.env[`AWS_ENDPOINT_URL_${service}`];
  if (elsewhere !== undefined) {
    return {
      ours: undefined,
      client: (name) => ({
        endpoint: process.env[`AWS_ENDPOINT_URL_${name}`] ?? elsewhere,
        region: process.env["AWS_REGION"] ?? "us-east-1",
      }),
      close: async () => undefined,
    };
  }
  const ours = await startAws(options);
  return { ours, client: (name) => clientOf(ours, name), close: () => ours.close() };
}

export function clientOf(
  { environment }: Pick<Aws, "environment">,
  service: ServiceVariable,
): ClientConfiguration {
  return {
    endpoint: environment[`AWS_ENDPOINT_URL_${service}`] ?? "http://127.0.0.1:9",
    region: environment["AWS_REGION"] ?? "us-east-1",
    credentials: {
      accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "unset",
      secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "unset",
    },
  };
}
