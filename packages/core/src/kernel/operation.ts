import type { z } from "zod";
import { authorize, type Facts } from "./authorize.ts";
import type { Context } from "./context.ts";
import { recordingDenials } from "./denial.ts";
import { invalid } from "./errors.ts";
import { eventOf, recording } from "./event.store.ts";
import type { EventDraft } from "./event.ts";
import type { OperationName } from "./permission.ts";
import { commitAll, type Write } from "./table.ts";

/** What `decide` returns: a read, or writes *with* their event. Writes without an event do not compile.
 * `after` runs once the writes are in the table; whatever it leaves undone, the sweeper finds. */
export type Decision<Result> =
  | { result: Result; writes?: never; event?: never; after?: never }
  | { result: Result; writes: readonly Write[]; event: EventDraft; after?: () => Promise<void> };

type Spec<C extends Context, Schema extends z.ZodType, Loaded extends { facts: Facts }, Result> = {
  name: OperationName;
  /** Strict schema of the input. */
  input: Schema;
  /** Reads what the decision needs; what is authorized is what was loaded. */
  load: (ctx: C, input: z.output<Schema>) => Promise<Loaded>;
  decide: (ctx: C, input: z.output<Schema>, loaded: Loaded) => Promise<Decision<Result>> | Decision<Result>;
};

export type Operation<C extends Context, Schema extends z.ZodType, Result> = {
  (ctx: C, input: z.input<Schema>): Promise<Result>;
  operation: OperationName;
  input: Schema;
};

/** Makes a use case: parse, load, authorize, decide, commit writes and event in one transaction. */
export function operation<
  C extends Context,
  Schema extends z.ZodType,
  Loaded extends { facts: Facts },
  Result,
>(spec: Spec<C, Schema, Loaded, Result>): Operation<C, Schema, Result> {
  const run = async (ctx: C, raw: z.input<Schema>): Promise<Result> => {
    const input = parse(spec.input, raw);
    const loaded = await spec.load(ctx, input);
    const decision = await recordingDenials(ctx, spec.name, raw, async () => {
      authorize(spec.name, ctx.actor, loaded.facts);
      return spec.decide(ctx, input, loaded);
    });
    if (decision.writes) {
      await commitAll(ctx, [...decision.writes, recording(ctx, eventOf(ctx, spec.name, decision.event))]);
      await decision.after?.().catch((error: unknown) => {
        ctx.log.warn("left to the sweeper", { operation: spec.name, error: nameOf(error) });
      });
    }
    return decision.result;
  };
  return Object.assign(run, { operation: spec.name, input: spec.input });
}

function parse<Schema extends z.ZodType>(schema: Schema, raw: unknown): z.output<Schema> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }));
  const first = issues[0];
  throw invalid(
    "input.invalid",
    first ? `${first.path || "input"}: ${first.message}` : "The input is not valid.",
    { issues },
  );
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
