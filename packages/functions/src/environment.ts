import { idSchema } from "@daypass/core/kernel/ids.ts";
import { z } from "zod";

const name = z.string().regex(/^[A-Za-z0-9_.-]{1,255}$/, "has characters that such a name cannot have");
const list = z.string().transform((text) =>
  text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ""),
);
const count = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const address = z
  .string()
  .refine(isAddress, "must be https://host[:port], or http:// on this machine, without a path");

const networkSchema = z.strictObject({
  /** Where it is known; else the network is found by its name. */
  id: idSchema("network").optional(),
  /** As the network is recorded in the catalogue. */
  name: z.string().min(1),
  stateMachineArn: z.string().startsWith("arn:"),
  inspectionStateMachineArn: z.string().startsWith("arn:"),
  reconciliationStateMachineArn: z.string().startsWith("arn:"),
  /** Name or ARN of the network's broker function. */
  brokerFunction: z.string().min(1),
  /** Name or ARN of the network's runner function. */
  runnerFunction: z.string().min(1),
});
export type NetworkSettings = z.output<typeof networkSchema>;

/** Every variable that the application knows, by what it is called in code. */
const variables = {
  region: ["AWS_REGION", name],
  table: ["DAYPASS_TABLE", name],
  stack: [
    "DAYPASS_STACK",
    z.string().regex(/^[a-z0-9][a-z0-9-]{0,19}$/, "must be a-z, 0-9 and -, at most 20"),
  ],
  origin: ["DAYPASS_ORIGIN", address],
  oidcIssuer: ["DAYPASS_OIDC_ISSUER", z.url({ protocol: /^https?$/ })],
  oidcClientId: ["DAYPASS_OIDC_CLIENT_ID", z.string().min(1)],
  oidcClientSecretName: ["DAYPASS_OIDC_CLIENT_SECRET_NAME", z.string().min(1).max(2048)],
  oidcGroupsClaim: ["DAYPASS_OIDC_GROUPS_CLAIM", z.string().trim().min(1).max(256).default("groups")],
  /** What a text with several groups in it is split at, and which field of an object is the group. */
  oidcGroupsSeparator: ["DAYPASS_OIDC_GROUPS_SEPARATOR", z.string().max(8).optional()],
  oidcGroupsField: ["DAYPASS_OIDC_GROUPS_FIELD", z.enum(["name", "id", "displayName"]).optional()],
  /** "none" only for providers that leave the claim out for people who are in no group. */
  oidcGroupsWhenAbsent: ["DAYPASS_OIDC_GROUPS_WHEN_ABSENT", z.enum(["none", "unknown"]).default("unknown")],
  /** "groups" makes Okta, Keycloak and others say the groups; providers that refuse it are told to leave it out. */
  oidcScope: [
    "DAYPASS_OIDC_SCOPE",
    z
      .string()
      .regex(/\bopenid\b/, "must name openid")
      .default("openid profile email groups"),
  ],
  oidcClientAuthentication: [
    "DAYPASS_OIDC_CLIENT_AUTHENTICATION",
    z.enum(["basic", "post"]).default("basic"),
  ],
  administratorGroups: [
    "DAYPASS_ADMINISTRATOR_GROUPS",
    list.refine((groups) => groups.length > 0, "names no group"),
  ],
  auditorGroups: ["DAYPASS_AUDITOR_GROUPS", list.default([])],
  networks: ["DAYPASS_NETWORKS", z.string().transform(jsonOf).pipe(z.array(networkSchema).min(1))],
  mailFrom: [
    "DAYPASS_MAIL_FROM",
    z.string().regex(/^(?:[^<>\p{Cc}]+ <)?[^<>\s@]+@[^<>\s@]+>?$/u, "must be a mail address"),
  ],
  /** SHA-256 in hex of the secret that CloudFront shows, or of two while it is being changed. Where it is set, only
   * requests that show one are answered. A digest of 32 random characters gives nothing away. */
  originSecretDigests: [
    "DAYPASS_ORIGIN_SECRET_SHA256",
    list
      .refine((all) => all.every((one) => /^[0-9a-f]{64}$/.test(one)), "must be SHA-256 in hex")
      .default([]),
  ],
  /** Role of the account in which the administrators' secrets of this network are, where that is another. */
  accountRoleArn: ["DAYPASS_ACCOUNT_ROLE_ARN", z.string().startsWith("arn:").optional()],
  accountExternalId: ["DAYPASS_ACCOUNT_EXTERNAL_ID", z.string().min(8).optional()],
  archiveBucket: [
    "DAYPASS_ARCHIVE_BUCKET",
    z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be the name of a bucket"),
  ],
  sessionIdleMinutes: ["DAYPASS_SESSION_IDLE_MINUTES", count(5, 1440).default(480)],
  sessionAbsoluteMinutes: ["DAYPASS_SESSION_ABSOLUTE_MINUTES", count(5, 10_080).default(1440)],
  openRequestLimit: ["DAYPASS_OPEN_REQUEST_LIMIT", count(1, 1000).default(20)],
  requestLapseMinutes: ["DAYPASS_REQUEST_LAPSE_MINUTES", count(10, 43_200).default(10_080)],
  signInsPerMinute: ["DAYPASS_SIGN_INS_PER_MINUTE", count(1, 10_000).default(30)],
  changesPerMinute: ["DAYPASS_CHANGES_PER_MINUTE", count(1, 10_000).default(60)],
  /** Sessions that all brokers together may have open with one server; two for each turn that works with it. */
  connectionsPerInstance: ["DAYPASS_CONNECTIONS_PER_INSTANCE", count(4, 100).default(8)],
  previewsPerMinute: ["DAYPASS_PREVIEWS_PER_MINUTE", count(1, 10_000).default(240)],
} as const satisfies Record<string, readonly [string, z.ZodType]>;

type Variables = typeof variables;
export type Environment = { [K in keyof Variables]: z.output<Variables[K][1]> };

/** Reads and parses what a handler needs; the only place that looks at process.env. An empty variable is a missing one.
 * @throws EnvironmentError with the whole list of what is missing or wrong, never with a value. */
export function readEnvironment<K extends keyof Environment>(
  wanted: readonly K[],
  source: Readonly<Record<string, string | undefined>> = process.env,
): Pick<Environment, K> {
  const problems: string[] = [];
  const values = wanted.map((key) => {
    const [variable, schema] = variables[key];
    const text = source[variable] === "" ? undefined : source[variable];
    const parsed = schema.safeParse(text);
    if (!parsed.success) problems.push(problemOf(variable, text, parsed.error));
    return [key, parsed.data];
  });
  if (problems.length > 0) throw new EnvironmentError(problems);
  return Object.fromEntries(values) as Pick<Environment, K>;
}

/** The trace of the running invocation, which Lambda names anew for each: "Root=1-…;Parent=…;Sampled=1". */
export function traceOf(
  source: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  return /(?:^|;)Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)/.exec(source["_X_AMZN_TRACE_ID"] ?? "")?.[1];
}

export class EnvironmentError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The environment is not complete:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.name = "EnvironmentError";
    this.problems = problems;
  }
}

function problemOf(variable: string, text: string | undefined, error: z.ZodError): string {
  if (text === undefined) return `${variable} is missing`;
  const [issue] = error.issues;
  const where = issue && issue.path.length > 0 ? ` (at ${issue.path.join(".")})` : "";
  return `${variable} ${issue?.message ?? "is wrong"}${where}`;
}

function jsonOf(text: string, ctx: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    ctx.addIssue({ code: "custom", message: "is not JSON" });
    return z.NEVER;
  }
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const isLoopback = ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
  return url.origin === text && (url.protocol === "https:" || (url.protocol === "http:" && isLoopback));
}
