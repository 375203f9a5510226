import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { AwsError } from "./aws-error.ts";

/** The services that have switches here, by their name in `/_faults/<service>`. DynamoDB's own take the same shape. */
export const serviceNames = ["secretsmanager", "sfn", "lambda", "scheduler", "sesv2", "sts", "s3"] as const;
export type ServiceName = (typeof serviceNames)[number];

const scope = {
  /** The operations it meets, such as `GetSecretValue`; all of them when left out. */
  operations: z
    .array(z.string().regex(/^[A-Za-z]{1,64}$/))
    .min(1)
    .optional(),
  /** Strikes at most so many times; for ever when left out. */
  times: z.int().positive().optional(),
};

const faultRule = z.discriminatedUnion("fault", [
  /** Answers with the error; nothing was done. */
  z.strictObject({
    fault: z.literal("fail"),
    error: z.string().regex(/^[A-Za-z.]{1,128}$/),
    status: z.int().min(400).max(599).optional(),
    message: z.string().max(1024).optional(),
    ...scope,
  }),
  /** Answers as the service does when it is called too often; nothing was done. */
  z.strictObject({ fault: z.literal("throttling"), ...scope }),
  /** Does the work only after this many milliseconds. */
  z.strictObject({ fault: z.literal("slow"), delayMs: z.int().positive().max(900_000), ...scope }),
  /** Does the work, then answers 500, so that the caller repeats what has already happened. */
  z.strictObject({ fault: z.literal("lost-answer"), ...scope }),
]);
export const faultRules = z.strictObject({ rules: z.array(faultRule).max(100) });

export type FaultRule = z.infer<typeof faultRule>;

/** The switches of all services: for tests. Nothing is switched on unless somebody does it. */
export interface Faults {
  /** Takes the place of all rules of the service; an empty list turns its faults off. */
  set(service: ServiceName, rules: readonly FaultRule[]): void;
  rules(service: ServiceName): { rule: FaultRule; struck: number }[];
  /** Turns every fault of every service off. */
  clear(): void;
  /** Runs one call of a service under its switches. */
  around<T>(service: ServiceName, operation: string, work: () => Promise<T>): Promise<T>;
}

const throttled: Record<ServiceName, () => AwsError> = {
  secretsmanager: () => new AwsError("ThrottlingException", "Rate exceeded"),
  sfn: () => new AwsError("ThrottlingException", "Rate exceeded"),
  lambda: () =>
    new AwsError("TooManyRequestsException", "Rate Exceeded.", 429, {
      Type: "User",
      Reason: "CallerRateLimitExceeded",
    }),
  scheduler: () => new AwsError("ThrottlingException", "Rate exceeded", 429),
  sesv2: () => new AwsError("TooManyRequestsException", "Too many requests", 429),
  sts: () => new AwsError("Throttling", "Rate exceeded"),
  s3: () => new AwsError("SlowDown", "Please reduce your request rate.", 503),
};

export function switches(): Faults {
  const armed = new Map<ServiceName, { rule: FaultRule; struck: number }[]>();

  /** Counts a strike of every rule that meets this call. Behind a rule that refuses the call, none is used up. */
  function strikes(service: ServiceName, operation: string): FaultRule[] {
    const struck: FaultRule[] = [];
    for (const one of armed.get(service) ?? []) {
      const { rule } = one;
      if (rule.operations !== undefined && !rule.operations.includes(operation)) continue;
      if (rule.times !== undefined && one.struck >= rule.times) continue;
      one.struck += 1;
      struck.push(rule);
      if (rule.fault === "fail" || rule.fault === "throttling") break;
    }
    return struck;
  }

  return {
    set: (service, rules) => {
      armed.set(
        service,
        faultRules.parse({ rules }).rules.map((rule) => ({ rule, struck: 0 })),
      );
    },
    rules: (service) => (armed.get(service) ?? []).map(({ rule, struck }) => ({ rule, struck })),
    clear: () => armed.clear(),
    around: async (service, operation, work) => {
      const rules = strikes(service, operation);
      for (const rule of rules) {
        if (rule.fault === "slow") await delay(rule.delayMs);
        if (rule.fault === "throttling") throw throttled[service]();
        if (rule.fault === "fail") {
          throw new AwsError(rule.error, rule.message ?? "Injected fault.", rule.status ?? 400);
        }
      }
      const answer = await work();
      if (rules.some((rule) => rule.fault === "lost-answer")) {
        throw new AwsError(
          "InternalFailure",
          "Injected fault: the work was done and its answer is lost.",
          500,
        );
      }
      return answer;
    },
  };
}
