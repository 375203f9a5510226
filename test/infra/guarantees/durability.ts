import { functionsIn, ofType, statementsIn } from "../render/policies.ts";
import { exampleSettings } from "../render/settings-of-stage.ts";
import { type Guarantee, unless } from "./guarantee.ts";

type Fields = Record<string, unknown>;

export const durability: Guarantee[] = [
  {
    name: "the table can be set back to any second of the last weeks, is encrypted, costs by use, and has its stream",
    problems(rendered) {
      const tables = ofType(rendered, "aws:dynamodb/table:Table");
      return [
        ...unless(tables.length === 1, `there are ${tables.length} tables`),
        ...tables.flatMap(({ name, inputs }) => [
          ...unless(isEnabled(inputs["pointInTimeRecovery"]), `${name}: has no point-in-time recovery`),
          ...unless(
            isEnabled(inputs["serverSideEncryption"]),
            `${name}: is not encrypted with a key of the account`,
          ),
          ...unless(inputs["billingMode"] === "PAY_PER_REQUEST", `${name}: is paid for while idle`),
          ...unless(
            inputs["streamViewType"] === "NEW_AND_OLD_IMAGES",
            `${name}: has no stream of old and new`,
          ),
          ...unless(isEnabled(inputs["ttl"]), `${name}: never forgets what has expired`),
        ]),
      ];
    },
  },
  {
    name: "every log ends after the days of the settings, and every function and workflow writes to a log of its own",
    problems(rendered) {
      const { logDays } = exampleSettings(rendered.stage);
      const groups = ofType(rendered, "aws:cloudwatch/logGroup:LogGroup");
      const names = groups.map(({ inputs }) => String(inputs["name"]));
      const used = functionsIn(rendered).map(({ part, inputs }) => ({
        part,
        group: (inputs["loggingConfig"] as Fields | undefined)?.["logGroup"],
      }));
      return [
        ...groups.flatMap(({ name, inputs }) =>
          unless(
            inputs["retentionInDays"] === logDays,
            `${name}: is kept for ${daysOf(inputs["retentionInDays"])}, not for ${logDays} days`,
          ),
        ),
        ...used.flatMap(({ part, group }) =>
          unless(names.includes(String(group)), `${part}: writes to ${String(group)}, which nobody made`),
        ),
        ...unless(new Set(used.map(({ group }) => group)).size === used.length, "two functions share a log"),
      ];
    },
  },
  {
    name: "the archive keeps every version under object lock for the days of the settings",
    problems(rendered) {
      const { archive } = exampleSettings(rendered.stage);
      const bucket = ofType(rendered, "aws:s3/bucket:Bucket").find(({ name }) => name === "ArchiveBucket");
      const name = bucket?.inputs["bucket"];
      const [lock] = ofType(rendered, "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration");
      const rule =
        (lock?.inputs["rule"] as { defaultRetention?: Fields } | undefined)?.defaultRetention ?? {};
      const versioning = ofType(rendered, "aws:s3/bucketVersioning:BucketVersioning").find(
        ({ inputs }) => inputs["bucket"] === name,
      );
      const isVersioned =
        (versioning?.inputs["versioningConfiguration"] as Fields | undefined)?.["status"] === "Enabled";
      return [
        ...unless(bucket?.inputs["objectLockEnabled"] === true, "ArchiveBucket: object lock is off"),
        ...unless(bucket?.inputs["forceDestroy"] !== true, "ArchiveBucket: is emptied on removal"),
        ...unless(isVersioned, "ArchiveBucket: has no versions"),
        ...unless(
          lock?.inputs["bucket"] === name &&
            rule["mode"] === archive.mode.toUpperCase() &&
            rule["days"] === archive.days,
          `ArchiveBucket: locks ${JSON.stringify(rule)}, not ${archive.mode} for ${archive.days} days`,
        ),
      ];
    },
  },
  {
    name: "every bucket is encrypted, never public, without lists of access, and takes nothing in clear",
    problems(rendered) {
      return ofType(rendered, "aws:s3/bucket:Bucket").flatMap(({ name, inputs }) => {
        const bucket = inputs["bucket"];
        const about = (type: string) =>
          ofType(rendered, `aws:s3/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`).find(
            (one) => one.inputs["bucket"] === bucket,
          )?.inputs ?? {};
        const block = about("BucketPublicAccessBlock");
        const parts = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];
        const policy = about("BucketPolicy")["policy"];
        return [
          ...unless(
            parts.every((part) => block[part] === true),
            `${name}: may become public`,
          ),
          ...unless(
            (about("BucketOwnershipControls")["rule"] as Fields | undefined)?.["objectOwnership"] ===
              "BucketOwnerEnforced",
            `${name}: has lists of access`,
          ),
          ...unless(
            /"(AES256|aws:kms)"/.test(JSON.stringify(about("BucketServerSideEncryptionConfiguration"))),
            `${name}: is not encrypted`,
          ),
          ...unless(policy !== undefined && refusesClear(policy), `${name}: takes what comes in clear`),
        ];
      });
    },
  },
  {
    name: "what fails for good lies in an encrypted queue for fourteen days, from every asynchronous caller",
    problems(rendered) {
      const [queue] = ofType(rendered, "aws:sqs/queue:Queue");
      const arn = `arn:aws:sqs:eu-west-1:123456789012:${String(queue?.inputs["name"])}`;
      const mappings = ofType(rendered, "aws:lambda/eventSourceMapping:EventSourceMapping");
      const invokeConfigs = ofType(
        rendered,
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
      );
      const schedules = ofType(rendered, "aws:scheduler/schedule:Schedule");
      return [
        ...unless(queue?.inputs["sqsManagedSseEnabled"] === true, "Failures: the queue is not encrypted"),
        ...unless(
          queue?.inputs["messageRetentionSeconds"] === 1_209_600,
          "Failures: the queue forgets too early",
        ),
        ...unless(mappings.length === 2, `${mappings.length} functions follow the stream, not 2`),
        ...mappings.flatMap(({ name, inputs }) => [
          ...unless(destinationOf(inputs, "destinationArn") === arn, `${name}: failures are lost`),
          ...unless(
            String(inputs["functionResponseTypes"]) === "ReportBatchItemFailures",
            `${name}: a failure repeats what has succeeded`,
          ),
          ...unless(
            Number(inputs["maximumRetryAttempts"]) > 0 && Number(inputs["maximumRetryAttempts"]) <= 100,
            `${name}: a record that fails holds up the others for ever`,
          ),
          ...unless(
            inputs["bisectBatchOnFunctionError"] === true,
            `${name}: one record takes its batch along`,
          ),
        ]),
        ...unless(
          invokeConfigs.some(
            ({ inputs }) =>
              inputs["functionName"] === `daypass-${rendered.stage}-sweep` &&
              destinationOf(inputs, "destination") === arn,
          ),
          "SweepRetries: failures of the sweeper are lost",
        ),
        ...schedules.flatMap(({ name, inputs }) => {
          const target = inputs["target"] as { deadLetterConfig?: Fields; retryPolicy?: Fields };
          return [
            ...unless(target.deadLetterConfig?.["arn"] === arn, `${name}: calls that do not arrive are lost`),
            ...unless(Number(target.retryPolicy?.["maximumRetryAttempts"]) > 0, `${name}: is not repeated`),
          ];
        }),
      ];
    },
  },
  {
    name: "new events reach notify and the archive, altered ones the archive, and nothing else costs a call",
    problems(rendered) {
      const event = { __edb_e__: { S: "event" } };
      const grant = { __edb_e__: { S: "grant" } };
      const records: [string, object, string[]][] = [
        ["a new event", { eventName: "INSERT", dynamodb: { NewImage: event } }, ["Notify", "Archive"]],
        [
          "a changed event",
          { eventName: "MODIFY", dynamodb: { NewImage: event, OldImage: event } },
          ["Archive"],
        ],
        [
          "an event made something else",
          { eventName: "MODIFY", dynamodb: { NewImage: grant, OldImage: event } },
          ["Archive"],
        ],
        ["a removed event", { eventName: "REMOVE", dynamodb: { OldImage: event } }, ["Archive"]],
        ["a new grant", { eventName: "INSERT", dynamodb: { NewImage: grant } }, []],
        ["a changed grant", { eventName: "MODIFY", dynamodb: { NewImage: grant, OldImage: grant } }, []],
      ];
      const mappings = ofType(rendered, "aws:lambda/eventSourceMapping:EventSourceMapping");
      return records.flatMap(([what, record, expected]) => {
        const reached = mappings.filter(({ inputs }) => passes(inputs, record)).map(({ name }) => name);
        return ["Notify", "Archive"].flatMap((who) =>
          unless(
            reached.includes(`${who}Stream`) === expected.includes(who),
            `${who}Stream: ${expected.includes(who) ? "does not get" : "gets"} ${what}`,
          ),
        );
      });
    },
  },
  {
    name: "the sweeper runs every minute",
    problems(rendered) {
      const [schedule, ...others] = ofType(rendered, "aws:scheduler/schedule:Schedule");
      const target = schedule?.inputs["target"] as Fields | undefined;
      return [
        ...unless(others.length === 0, "there is more than one schedule"),
        ...unless(
          schedule?.inputs["scheduleExpression"] === "rate(1 minute)" &&
            target?.["arn"] ===
              `arn:aws:lambda:eu-west-1:123456789012:function:daypass-${rendered.stage}-sweep` &&
            schedule.inputs["state"] !== "DISABLED",
          "SweepSchedule: does not call the sweeper every minute",
        ),
      ];
    },
  },
];

/** As Lambda filters: one pattern that fits is enough, and each of its fields lists what may be there. */
function passes(inputs: Fields, record: object): boolean {
  const { filters = [] } = (inputs["filterCriteria"] ?? {}) as { filters?: { pattern: string }[] };
  return filters.length === 0 || filters.some(({ pattern }) => fits(JSON.parse(pattern), record));
}

function fits(pattern: unknown, value: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.includes(value);
  return Object.entries(pattern as Fields).every(([key, inner]) =>
    fits(inner, (value as Fields | undefined)?.[key]),
  );
}

function daysOf(days: unknown): string {
  return typeof days === "number" ? `${days} days` : "ever";
}

function isEnabled(value: unknown): boolean {
  return (value as Fields | undefined)?.["enabled"] === true;
}

function destinationOf(inputs: Fields, field: string): unknown {
  const config = inputs["destinationConfig"] as { onFailure?: Fields } | undefined;
  return config?.onFailure?.[field];
}

function refusesClear(policy: unknown): boolean {
  return statementsIn(policy).some(
    ({ effect, actions, condition }) =>
      effect === "Deny" &&
      actions.join() === "s3:*" &&
      JSON.stringify(condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
  );
}
