import type { DatabaseRef } from "@daypass/core/catalog/catalog.view.ts";
import { accountName, type Grant, secretNameOf } from "@daypass/core/grant/grant.ts";
import { userRef } from "@daypass/core/identity/user.ts";
import { type Id, newId, ulidOf } from "@daypass/core/kernel/ids.ts";
import { type Person, settings, type World } from "../harness.ts";

/** A grant of somebody on this database, approved and not yet provisioned: live. */
export function plannedGrant(
  world: World,
  { id, name, engine, instance, environment }: DatabaseRef,
  networkId: Id<"network">,
  holder: Person = "engineer",
): Grant {
  const grantId = newId("grant", world.ids);
  return {
    id: grantId,
    story: ulidOf(grantId),
    requestId: newId("request", world.ids),
    state: "planned",
    version: 1,
    holder: userRef(world.people[holder]),
    database: { id, name, engine, instance, environment },
    networkId,
    level: "read",
    scope: { kind: "database" },
    account: accountName(grantId),
    secretName: secretNameOf(settings.stack, grantId),
    durationMinutes: 60,
    maxTotalMinutes: 60,
    createdAt: world.clock.now(),
  };
}
