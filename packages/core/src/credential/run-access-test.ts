import { findInstance } from "../catalog/catalog.store.ts";
import { findGrant } from "../grant/grant.store.ts";
import { DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import type { RunnerContext } from "./access-test.port.ts";
import type { AccessTestView } from "./access-test.view.ts";

/** Logs in as the account of a grant. The ledger is read here again: whoever calls the runner can name a grant and
 * nothing more. */
export async function runAccessTest(ctx: RunnerContext, grantId: Id<"grant">): Promise<AccessTestView> {
  const grant = await findGrant(ctx, grantId);
  if (grant?.state !== "active" || !grant.endsAt || ctx.clock.now() >= grant.endsAt) {
    return no("not-active", "The access does not last any more.");
  }
  try {
    const instance = await findInstance(ctx, grant.database.instance.id);
    if (!instance) return no("other", "The instance of this access is no longer registered.");
    const credential = await ctx.credentialOf(grant);
    const { username, serverVersion, latencyMs } = await ctx.logIn(instance, credential);
    if (username !== grant.account) {
      return no("authentication", `The server says that ${grant.account} is another account.`);
    }
    return { ok: true, serverVersion: serverVersion.slice(0, 200), latencyMs: Math.round(latencyMs) };
  } catch (error) {
    const found = failure(error);
    if (!found) throw error;
    ctx.log.warn("an access test failed", { grantId, reason: found.reason });
    return found;
  }
}

/** Sentences that are fit to show: our own, and an engine's, which carries a `kind` and names no secret. */
function failure(error: unknown): (AccessTestView & { ok: false }) | undefined {
  if (error instanceof DomainError) return no("secret", error.message);
  if (!(error instanceof Error) || !("kind" in error)) return undefined;
  const reason = error.kind === "unreachable" || error.kind === "authentication" ? error.kind : "other";
  return no(reason, error.message.slice(0, 1000));
}

function no(
  reason: (AccessTestView & { ok: false })["reason"],
  message: string,
): AccessTestView & { ok: false } {
  return { ok: false, reason, message };
}
