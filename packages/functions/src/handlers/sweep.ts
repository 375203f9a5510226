import { type SweepReport, sweep } from "@daypass/core/grant/sweep.ts";
import { sweepContexts } from "../control-plane.ts";
import { shell } from "./shell.ts";

const contextFor = sweepContexts();

/** Every minute; whatever a timer left undone is found here. */
export const handler = shell("sweep", async (_event: unknown, _context, invocation): Promise<SweepReport> => {
  const report = await sweep(contextFor(invocation));
  invocation.log.info("swept", report);
  invocation.measure({
    LateTurns: report.grants,
    FailedTurns: report.failedGrants,
    GrantsOverdue: report.alarms,
  });
  return report;
});
