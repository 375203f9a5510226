import { advanceGrant } from "@daypass/core/grant/advance-grant.ts";
import { instantOf } from "@daypass/core/kernel/clock.ts";
import { idSchema } from "@daypass/core/kernel/ids.ts";
import { brokerContexts } from "@daypass/functions/data-plane.ts";
import { z } from "zod";
import { numbered, numberStatements, runUntil } from "./effects.ts";

/** A broker as a process of its own, by its composition root as it is: one turn of one grant, killed by SIGKILL before
 * or after the side effect that it is told. Ends with 0 where it was not killed. */
const { CAMPAIGN_GRANT, CAMPAIGN_STOP_AT, CAMPAIGN_STOP_SIDE } = process.env;
const id = idSchema("grant").parse(CAMPAIGN_GRANT);
const stop = z
  .strictObject({ at: z.coerce.number().int(), side: z.enum(["before", "after"]) })
  .parse({ at: CAMPAIGN_STOP_AT, side: CAMPAIGN_STOP_SIDE });
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

numberStatements();
const context = brokerContexts()(
  { log, requestId: "a-process-of-its-own", endsAt: instantOf(Date.now() + 120_000) },
  "workflow",
);
await runUntil(
  stop,
  () => advanceGrant(numbered(context), id),
  () => process.kill(process.pid, "SIGKILL"),
);
process.exit(0);
