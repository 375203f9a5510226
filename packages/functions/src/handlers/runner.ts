import type { AccessTestView } from "@daypass/core/credential/access-test.view.ts";
import { runAccessTest } from "@daypass/core/credential/run-access-test.ts";
import { idSchema } from "@daypass/core/kernel/ids.ts";
import { z } from "zod";
import { runnerContexts } from "../data-plane.ts";
import { shell } from "./shell.ts";

/** Like the broker's: ids and nothing else. */
const stepSchema = z.discriminatedUnion("step", [
  z.strictObject({ step: z.literal("test-access"), grantId: idSchema("grant") }),
]);

const contextFor = runnerContexts();

/** The function of a network that works as the accounts of grants; called by the api function only. It can read no
 * administrator's secret, so the database itself enforces every limit. */
export const handler = shell(
  "runner",
  async (event: unknown, _context, invocation): Promise<AccessTestView> => {
    const step = stepSchema.parse(event);
    return runAccessTest(contextFor(invocation), step.grantId);
  },
);
