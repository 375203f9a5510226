import { z } from "zod";
import { AwsFailure } from "./failure.ts";

const scope = {
  /** Names of operations, e.g. "PutItem"; all that the fault can hit when absent. */
  operations: z.array(z.string().min(1)).min(1).optional(),
  tables: z.array(z.string().min(1)).min(1).optional(),
};
const chance = {
  /** Strikes at most so many times; for ever when absent. */
  times: z.int().positive().optional(),
  /** Strikes with this probability, drawn from a random sequence that the seed fixes. */
  probability: z.number().gt(0).max(1).optional(),
  seed: z.int().optional(),
};
const milliseconds = z.int().positive().max(86_400_000);

const faultRule = z.discriminatedUnion("fault", [
  /** Another transaction holds the item: writes and transactions only. */
  z.strictObject({ fault: z.literal("transaction-conflict"), ...scope, ...chance }),
  z.strictObject({ fault: z.literal("throughput-exceeded"), ...scope, ...chance }),
  z.strictObject({ fault: z.literal("throttling"), ...scope, ...chance }),
  /** The write is committed, then answered with a 500, so that the caller tries again what has happened. */
  z.strictObject({ fault: z.literal("lost-answer"), ...scope, ...chance }),
  /** Answers only after this many milliseconds. */
  z.strictObject({ fault: z.literal("slow"), delayMs: milliseconds, ...scope, ...chance }),
  /** Global secondary indexes are seen as they were this many milliseconds ago. */
  z.strictObject({ fault: z.literal("index-lag"), lagMs: milliseconds, tables: scope.tables }),
  /** Of the keys of a batch read each is left unread with the probability `share`, all of them when it is absent. */
  z.strictObject({
    fault: z.literal("unprocessed-keys"),
    share: z.number().gt(0).max(1).optional(),
    ...scope,
    ...chance,
  }),
  /** A page of a query or scan ends after so many items, even if more were asked for and are there. */
  z.strictObject({ fault: z.literal("short-pages"), items: z.int().positive(), ...scope, ...chance }),
  /** Items are removed this many milliseconds after their time to live. */
  z.strictObject({ fault: z.literal("ttl-lag"), lagMs: milliseconds, tables: scope.tables }),
]);
const faultRules = z.strictObject({ rules: z.array(faultRule).max(100) });

export type FaultRule = z.infer<typeof faultRule>;
export type Call = { operation: string; tables: readonly string[] };
export type Strike = {
  delayMs: number;
  failure: AwsFailure | undefined;
  losesAnswer: boolean;
  /** Whether the next key of a batch read is left unread. */
  leavesUnread: () => boolean;
  /** The most items of a page. */
  pageItems: number;
};

/** The switches that make the local DynamoDB behave as the real one does on a bad day. */
export type Faults = {
  /** Takes the place of all rules given before; an empty list turns all faults off. */
  set(rules: readonly FaultRule[]): void;
  /** What befalls this call; counts as one strike of each rule that hits it. */
  strike(call: Call, conflict: () => AwsFailure): Strike;
  indexLagMs(table: string): number;
  ttlLagMs(table: string): number;
  rules(): { rule: FaultRule; struck: number }[];
};

/** Parses what is posted to `/_faults/dynamodb`: `{ rules: [...] }`, nothing else. Throws a ZodError. */
export function parseFaultRules(input: unknown): FaultRule[] {
  return faultRules.parse(input).rules;
}

const PAGED = new Set(["Query", "Scan"]);
const CONFLICTING = new Set([
  "PutItem",
  "UpdateItem",
  "DeleteItem",
  "TransactWriteItems",
  "TransactGetItems",
]);

export function createFaults(): Faults {
  let armed: { rule: FaultRule; struck: number; random: () => number }[] = [];

  const lag = (fault: "index-lag" | "ttl-lag", table: string) =>
    armed.reduce((longest, { rule }) => {
      const hit = rule.fault === fault && (rule.tables === undefined || rule.tables.includes(table));
      return hit ? Math.max(longest, rule.lagMs) : longest;
    }, 0);

  return {
    set(rules) {
      armed = rules.map((rule) => ({
        rule,
        struck: 0,
        random: seeded("seed" in rule ? (rule.seed ?? 1) : 1),
      }));
    },
    strike(call, conflict) {
      const strike: Strike = {
        delayMs: 0,
        failure: undefined,
        losesAnswer: false,
        leavesUnread: () => false,
        pageItems: Number.POSITIVE_INFINITY,
      };
      for (const each of armed) {
        if (!hits(each.rule, call, each.struck, each.random)) continue;
        each.struck++;
        const { rule } = each;
        switch (rule.fault) {
          case "transaction-conflict":
            strike.failure ??= conflict();
            break;
          case "throughput-exceeded":
            strike.failure ??= new AwsFailure(
              "ProvisionedThroughputExceededException",
              "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.",
            );
            break;
          case "throttling":
            strike.failure ??= new AwsFailure(
              "ThrottlingException",
              "Rate of requests exceeds the allowed throughput.",
            );
            break;
          case "slow":
            strike.delayMs += rule.delayMs;
            break;
          case "lost-answer":
            strike.losesAnswer = true;
            break;
          case "unprocessed-keys": {
            const { share = 1 } = rule;
            strike.leavesUnread = () => each.random() < share;
            break;
          }
          case "short-pages":
            strike.pageItems = Math.min(strike.pageItems, rule.items);
            break;
          case "index-lag":
          case "ttl-lag":
            break;
        }
      }
      return strike;
    },
    indexLagMs: (table) => lag("index-lag", table),
    ttlLagMs: (table) => lag("ttl-lag", table),
    rules: () => armed.map(({ rule, struck }) => ({ rule, struck })),
  };
}

function hits(rule: FaultRule, call: Call, struck: number, random: () => number): boolean {
  if (rule.fault === "index-lag" || rule.fault === "ttl-lag") return false;
  if (rule.fault === "unprocessed-keys" && call.operation !== "BatchGetItem") return false;
  if (rule.fault === "short-pages" && !PAGED.has(call.operation)) return false;
  if (rule.fault === "transaction-conflict" && !CONFLICTING.has(call.operation)) return false;
  if (rule.operations !== undefined && !rule.operations.includes(call.operation)) return false;
  if (rule.tables !== undefined && !rule.tables.some((table) => call.tables.includes(table))) return false;
  if (rule.times !== undefined && struck >= rule.times) return false;
  return rule.probability === undefined || random() < rule.probability;
}

/** A small generator of numbers in [0, 1) (mulberry32): the same seed gives the same faults. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
