import fc from "fast-check";
import type { Fault } from "../../integration/account-server-model.ts";

/** What befalls the table: named as the local DynamoDB's switches are. */
export const tableFaults = [
  "transaction-conflict",
  "throttling",
  "lost-answer",
  "index-lag",
  "unprocessed-keys",
  "short-pages",
] as const;
export type TableFault = (typeof tableFaults)[number];

/** One thing that happens. `of` picks one of the grants that are played at once. */
export type Step =
  | {
      do: "turn" | "turn twice" | "turn late" | "end" | "retry" | "extend" | "write off";
      of: number;
      minutes: number;
    }
  | { do: "lead approves" | "administrator approves" | "requester approves" | "reject extension"; of: number }
  | { do: "sweep" | "late arrives" | "suspend" | "end person" | "end instance" | "down" | "up" }
  | { do: "wait"; minutes: number }
  | { do: "server faults"; faults: (Fault | undefined)[] }
  | { do: "table faults"; fault: TableFault; times: number }
  | { do: "meanwhile"; what: "turn" | "end" | "wait" | "sweep"; of: number };

export const grantsAtOnce = 4;

const of = fc.nat(grantsAtOnce - 1);
const onGrant = (...names: Extract<Step, { minutes: number; of: number }>["do"][]) =>
  fc.record({ do: fc.constantFrom(...names), of, minutes: fc.integer({ min: 1, max: 60 }) });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 9, arbitrary: onGrant("turn") },
  { weight: 3, arbitrary: onGrant("turn twice", "turn late") },
  { weight: 4, arbitrary: onGrant("extend", "end", "retry") },
  { weight: 1, arbitrary: onGrant("write off") },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "lead approves" as const,
        "lead approves" as const,
        "administrator approves" as const,
      ),
      of,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom("requester approves" as const, "reject extension" as const),
      of,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("sweep" as const, "late arrives" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("down" as const, "up" as const, "up" as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      minutes: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 10, max: 70 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("server faults" as const),
      faults: fc.array(fc.constantFrom<Fault | undefined>("before", "after", "quarantine", undefined), {
        minLength: 1,
        maxLength: 4,
      }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("table faults" as const),
      fault: fc.constantFrom(...tableFaults),
      times: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("meanwhile" as const),
      what: fc.constantFrom("turn" as const, "end" as const, "wait" as const, "sweep" as const),
      of,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom("suspend" as const, "end person" as const, "end instance" as const),
    }),
  },
);

/** What is played: of each request whether it was approved before anything else happens, and what happens then. */
export type History = { approved: readonly boolean[]; steps: readonly Step[] };

export const history: fc.Arbitrary<History> = fc.record({
  approved: fc.array(
    fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    { minLength: grantsAtOnce, maxLength: grantsAtOnce },
  ),
  steps: fc.array(step, { minLength: 10, maxLength: 50 }),
});
