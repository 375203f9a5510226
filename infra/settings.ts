import { z } from "zod";

const name = (text: string) => z.string().regex(/^[a-z][a-z0-9-]{0,19}$/, text);
const arn = (service: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:`), `must be an ARN of ${service}`);
const groups = z.array(
  z
    .string()
    .min(1)
    .regex(/^[^,]+$/, "must not have a comma"),
);
const whole = (least: number, most: number) => z.int().min(least).max(most);

const vpcSchema = z
  .strictObject({
    id: z.string().regex(/^vpc-[0-9a-f]+$/, "must be the id of a VPC"),
    subnets: z
      .array(z.string().regex(/^subnet-[0-9a-f]+$/, "must be the id of a subnet"))
      .min(1)
      .describe("Private subnets from which the databases can be reached; two zones are better than one"),
    securityGroups: z
      .array(z.string().regex(/^sg-[0-9a-f]+$/, "must be the id of a security group"))
      .min(1)
      .describe("What the broker and the runner belong to; the databases let it in"),
  })
  .describe("Where the databases are. The subnets need a way to the AWS APIs: NAT, or interface endpoints");

const networkSchema = z
  .strictObject({
    name: name("must be a-z, 0-9 and -, at most 20").describe("As the network is called in the catalogue"),
    vpc: vpcSchema.optional(),
    administratorSecrets: z
      .array(
        z
          .string()
          .regex(/^[A-Za-z0-9/_+=.@!-]{3,200}$/, "must be the beginning of a secret's name, without *"),
      )
      .min(1)
      .optional()
      .describe(
        "Beginnings of the names of administrators' secrets that the broker may read; default daypass/<stage>/administrators/<network>/. Secrets that RDS manages begin with rds!",
      ),
    secretKeys: z
      .array(arn("kms"))
      .default([])
      .describe("Customer managed keys with which administrators' secrets are encrypted"),
    account: z
      .strictObject({
        roleArn: arn("iam").describe("Role of the other account that may read its administrators' secrets"),
        externalId: z.string().regex(/^[\w+=,.@:/-]{8,1224}$/, "must have 8 characters or more"),
      })
      .optional()
      .describe("Another AWS account, in which the administrators' secrets of this network are"),
    concurrency: whole(1, 1000)
      .optional()
      .describe("Reserved concurrency of the broker; needs an account with 100 more than that"),
  })
  .describe("One place from which databases can be reached; it gets a broker and a runner of its own");

const stageSchema = z
  .strictObject({
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be a region such as eu-west-1"),
    domain: z
      .strictObject({
        name: z
          .string()
          .regex(/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/, "must be a domain name"),
        hostedZoneId: z
          .string()
          .regex(/^Z[A-Z0-9]+$/, "must be the id of a hosted zone")
          .optional()
          .describe("Zone of Route 53: certificate and records are made there"),
        certificateArn: arn("acm")
          .refine((value) => value.split(":")[3] === "us-east-1", "must be in us-east-1, for CloudFront")
          .optional()
          .describe("Or a certificate that exists; the record is then made by hand"),
      })
      .refine(({ hostedZoneId, certificateArn }) => !hostedZoneId !== !certificateArn, {
        message: "needs either hostedZoneId or certificateArn",
      }),
    signIn: z.strictObject({
      issuer: z.url({ protocol: /^https$/ }),
      clientId: z.string().min(1),
      groupsClaim: z
        .string()
        .trim()
        .min(1)
        .max(256)
        .default("groups")
        .describe("Name of the claim, or a path to it such as realm_access.roles"),
      groups: z
        .strictObject({
          whenAbsent: z
            .enum(["none", "unknown"])
            .default("unknown")
            .describe(
              "What a missing claim means. none: only if the provider leaves it out for people in no group",
            ),
          separator: z
            .string()
            .min(1)
            .max(8)
            .optional()
            .describe("What a text that holds several groups is split at, such as ;"),
          field: z
            .enum(["name", "id", "displayName"])
            .optional()
            .describe("Which field is the group, where the groups are objects"),
        })
        .prefault({}),
      scope: z
        .string()
        .regex(/\bopenid\b/, "must name openid")
        .default("openid profile email groups"),
      clientAuthentication: z.enum(["basic", "post"]).default("basic"),
      administratorGroups: groups.min(1),
      auditorGroups: groups.default([]),
    }),
    mail: z.strictObject({
      from: z
        .string()
        .regex(/^(?:[^<>\p{Cc}]+ <)?[^<>\s@]+@[^<>\s@]+>?$/u, "must be a mail address")
        .describe("Sender of notifications"),
      identity: z
        .string()
        .regex(/^[^\s/*]+$/, "must be a domain or an address")
        .describe("Identity that is verified in SES: a domain, or the address itself"),
    }),
    alarms: z.strictObject({
      emails: z.array(z.email()).min(1, "names nobody: an alarm that nobody gets is none"),
    }),
    networks: z
      .array(networkSchema)
      .default([])
      .refine((networks) => new Set(networks.map((one) => one.name)).size === networks.length, {
        message: "have one name twice",
      })
      .describe(
        'None: one network "default" outside any VPC, for databases with a public address or Data API',
      ),
    archive: z
      .strictObject({
        mode: z
          .enum(["governance", "compliance"])
          .default("governance")
          .describe("compliance: nobody can shorten it, not even the account's root user"),
        days: whole(1, 36_500).default(365),
      })
      .prefault({})
      .describe("How long an archived audit event can be neither changed nor deleted"),
    logDays: z
      .union([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731].map((days) => z.literal(days)))
      .default(90),
    limits: z
      .strictObject({
        sessionIdleMinutes: whole(5, 1440).optional(),
        sessionAbsoluteMinutes: whole(5, 10_080).optional(),
        openRequestLimit: whole(1, 1000).optional(),
        requestLapseMinutes: whole(10, 43_200).optional(),
        signInsPerMinute: whole(1, 10_000).optional(),
        changesPerMinute: whole(1, 10_000).optional(),
        previewsPerMinute: whole(1, 10_000).optional(),
        connectionsPerInstance: whole(4, 100).optional(),
      })
      .prefault({}),
  })
  .describe("One installation");
export type StageSettings = z.output<typeof stageSchema>;
export type NetworkSettings = z.output<typeof networkSchema>;

/** Names of stages go into names of functions and secrets, so they are short. */
const settingsSchema = z
  .strictObject({
    $schema: z.string().optional(),
    stages: z.record(name("the name of a stage must be a-z, 0-9 and -, at most 20"), stageSchema),
  })
  .superRefine(({ stages }, ctx) => {
    for (const [stage, { networks }] of Object.entries(stages)) refuseSharedSecrets(stage, networks, ctx);
  });

/** For editors; `infra/settings.schema.json`. */
export function settingsSchemaDocument(): object {
  return z.toJSONSchema(settingsSchema, { io: "input" });
}

/** The names of administrators' secrets of a network begin so. */
export function administratorSecretsOf(stage: string, network: NetworkSettings): string[] {
  return network.administratorSecrets ?? [`daypass/${stage}/administrators/${network.name}/`];
}

/** A broker reads neither what belongs to Daypass itself, nor what another network's broker is there for. Of secrets
 * that RDS manages the names say nothing, so that brokers of one account may share them. */
function refuseSharedSecrets(
  stage: string,
  networks: readonly NetworkSettings[],
  ctx: z.RefinementCtx,
): void {
  const own = [`daypass/${stage}/grants/`, `daypass/${stage}/sign-in`];
  for (const [index, network] of networks.entries()) {
    const others = networks.filter((other) => other !== network && !other.account);
    for (const beginning of administratorSecretsOf(stage, network)) {
      const refuse = (message: string) =>
        ctx.addIssue({
          code: "custom",
          path: ["stages", stage, "networks", index, "administratorSecrets"],
          message: `"${beginning}" ${message}`,
        });
      if (own.some((name) => overlap(name, beginning)))
        refuse("would let the broker read Daypass's own secrets");
      if (network.account || beginning.startsWith("rds!")) continue;
      for (const other of others) {
        if (administratorSecretsOf(stage, other).some((name) => overlap(name, beginning))) {
          refuse(`could read those of ${other.name}`);
        }
      }
    }
  }
}

function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

/** Reads the settings of one stage out of the text of the configuration file.
 * @throws SettingsError with everything that is wrong in it at once. */
export function settingsOf(stage: string, text: string, file: string): StageSettings {
  const parsed = settingsSchema.safeParse(jsonOf(text, file));
  if (!parsed.success) throw new SettingsError(file, parsed.error.issues.flatMap(problemsOf));
  const settings = parsed.data.stages[stage];
  if (settings) return settings;
  const known = Object.keys(parsed.data.stages).join(", ") || "none";
  throw new SettingsError(file, [`stages has no "${stage}" (it has ${known})`]);
}

export class SettingsError extends Error {
  constructor(file: string, problems: readonly string[]) {
    super(`${file} is not right:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.name = "SettingsError";
  }
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SettingsError(file, [error instanceof Error ? error.message : "it is not JSON"]);
  }
}

function problemsOf(issue: z.core.$ZodIssue): string[] {
  const where = issue.path.map(String).join(".") || "the file";
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${[...issue.path, key].map(String).join(".")} is not a setting`);
  }
  if (issue.code === "invalid_key") return [`${where}: ${issue.issues[0]?.message ?? issue.message}`];
  return [`${where}: ${issue.message}`];
}
