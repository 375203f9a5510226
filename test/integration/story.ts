import { advanceGrant, type Turn } from "@daypass/core/grant/advance-grant.ts";
import { findGrant } from "@daypass/core/grant/grant.store.ts";
import { type Grant, grantIdOf } from "@daypass/core/grant/grant.ts";
import { actorFor } from "@daypass/core/identity/authenticate.ts";
import type { Actor, UserActor } from "@daypass/core/kernel/context.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { tokenScopes } from "@daypass/core/kernel/permission.ts";
import type { PolicyDocumentInput } from "@daypass/core/policy/policy.ts";
import { createRequest } from "@daypass/core/request/create-request.ts";
import { extendGrant } from "@daypass/core/request/extend-grant.ts";
import type { PrivilegesContext } from "@daypass/core/request/privileges.port.ts";
import { findRequest } from "@daypass/core/request/request.store.ts";
import type { AccessRequest } from "@daypass/core/request/request.ts";
import { reviewRequest } from "@daypass/core/request/review-request.ts";
import { privilegesOf } from "@daypass/functions/control-plane/privileges.ts";
import { AccountServerModel } from "./account-server-model.ts";
import { createWorld, type Person, settings, type World, type WorldContext } from "./harness.ts";
import { type Registered, register, teamPolicies } from "./registered.ts";

type Ask = Parameters<typeof createRequest>[1];
type StoryContext = WorldContext & PrivilegesContext;

/** A world in which requests are filed, decided and lent out, each step by the person whose it is. */
export type Story = {
  world: World;
  registered: Registered;
  server: AccountServerModel;
  /** Like the world's, with a quota that no test meets by accident. */
  ctx: (who: Person | Actor) => StoryContext;
  /** Somebody of the cast with other groups than theirs, as after another sign-in. */
  as: (person: Person, groups: readonly string[]) => UserActor;
  /** What an engineer asks for: one hour of reading, which a lead or an administrator approves. */
  wish: (fields?: Partial<Ask>) => Ask;
  ask: (fields?: Partial<Ask>, who?: Person | Actor) => Promise<AccessRequest>;
  approve: (id: Id<"request">, who?: Person | Actor) => Promise<AccessRequest>;
  /** Asked for by the engineer, approved by the lead, not provisioned. */
  plannedGrant: () => Promise<Grant>;
  activeGrant: () => Promise<Grant>;
  extend: (id: Id<"grant">, durationMinutes?: number, who?: Person | Actor) => Promise<AccessRequest>;
  turn: (id: Id<"grant">) => Promise<Turn>;
  grant: (id: Id<"grant">) => Promise<Grant>;
  request: (id: Id<"request">) => Promise<AccessRequest>;
};

export const workflow = { kind: "system", name: "workflow" } as const satisfies Actor;
export const sweeper = { kind: "system", name: "sweeper" } as const satisfies Actor;
export const anonymous = { kind: "anonymous" } as const satisfies Actor;

export async function createStory(
  policies: PolicyDocumentInput[] = teamPolicies,
  making: Promise<World> = createWorld(),
): Promise<Story> {
  const world = await making;
  const registered = await register(world, policies);
  const server = new AccountServerModel(world);
  const roomy = { ...settings, request: { ...settings.request, openLimit: 1000 } };
  const ctx = (who: Person | Actor): StoryContext => ({
    ...world.ctx(who),
    settings: roomy,
    privileges: (...asked) => privilegesOf(settings.stack, ...asked),
  });
  const wish = (fields: Partial<Ask> = {}): Ask => ({
    databaseId: registered.database.id,
    level: "read",
    durationMinutes: 60,
    reason: "look into the orders of yesterday",
    ...fields,
  });
  const ask: Story["ask"] = (fields, who = "engineer") => createRequest(ctx(who), wish(fields));
  const approve: Story["approve"] = (id, who = "lead") =>
    reviewRequest(ctx(who), { id, decision: "approve" });
  const turn: Story["turn"] = (id) => advanceGrant(server.broker(), id);
  const grant: Story["grant"] = async (id) => found(await findGrant(world, id));
  const plannedGrant: Story["plannedGrant"] = async () => {
    const { id } = await ask();
    await approve(id);
    return grant(grantIdOf(id));
  };
  return {
    world,
    registered,
    server,
    ctx,
    as: (person, groups) =>
      actorFor(world.ctx(person), { ...world.people[person], groups }, tokenScopes, {
        kind: "session",
        idHash: `session of ${person}`,
      }),
    wish,
    ask,
    approve,
    plannedGrant,
    async activeGrant() {
      const { id } = await plannedGrant();
      await turn(id);
      return grant(id);
    },
    extend: (id, durationMinutes = 30, who = "engineer") =>
      extendGrant(ctx(who), { id, durationMinutes, reason: "not done yet" }),
    turn,
    grant,
    request: async (id) => found(await findRequest(world, id)),
  };
}

function found<T>(record: T | undefined): T {
  if (record === undefined) throw new Error("the record is gone");
  return record;
}
