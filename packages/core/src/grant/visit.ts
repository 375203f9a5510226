import { epochMs, instantOf } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import type { Id } from "../kernel/ids.ts";
import type { AccountServer, BrokerContext } from "./account-engine.port.ts";
import { freeSlot, takeSlot } from "./slot.store.ts";
import { type Errand, type Slot, slotCount } from "./slot.ts";

/** What a server needs to notice that whoever held a slot was stopped, and to end what they left. */
const graceMs = 15_000;

/** Holds a slot of an instance while `use` works with its server, and shares the administrator's sessions among its
 * steps. The credential is read at the first step that needs it. Undefined, with nothing done, when there is no slot. */
export async function visiting<Result>(
  ctx: BrokerContext,
  instanceId: Id<"instance">,
  errand: Errand,
  use: (ctx: BrokerContext, slot: Slot) => Promise<Result>,
): Promise<{ result: Result } | undefined> {
  return holdingSlot(ctx, instanceId, errand, async (slot) => {
    const door = doorOf(ctx);
    try {
      return await use({ ...ctx, accountServer: door.enter }, slot);
    } finally {
      await door.close();
    }
  });
}

/** The slot alone, for whoever opens and closes their own sessions, never more than a slot stands for. */
export async function holdingSlot<Result>(
  ctx: Context & Pick<BrokerContext, "limits">,
  instanceId: Id<"instance">,
  errand: Errand,
  use: (slot: Slot) => Promise<Result>,
): Promise<{ result: Result } | undefined> {
  const { connectionsPerInstance, endsAt } = ctx.limits;
  const until = instantOf(epochMs(endsAt) + graceMs);
  const slot = await takeSlot(ctx, instanceId, { errand, until }, slotCount(connectionsPerInstance));
  if (slot === undefined) return undefined;
  try {
    return { result: await use(slot) };
  } finally {
    await freeSlot(ctx, instanceId, slot);
  }
}

/** One server for all steps of a visit, at each address. After a failure the next step begins afresh, with the
 * credential as it is then: it may just have been rotated. */
function doorOf(ctx: BrokerContext): {
  enter: BrokerContext["accountServer"];
  close(): Promise<void>;
} {
  const current = new Map<string, Promise<AccountServer>>();

  async function leave(key: string): Promise<void> {
    const left = current.get(key);
    current.delete(key);
    // A server that could not be opened has nothing to close; whoever asked for it was told.
    await left?.then(
      (server) => server.close(),
      () => undefined,
    );
  }

  async function open(key: string, opening: Promise<AccountServer>): Promise<AccountServer> {
    const server = await opening;
    async function leaving<Result>(step: Promise<Result>): Promise<Result> {
      try {
        return await step;
      } catch (error) {
        await leave(key);
        throw error;
      }
    }
    return {
      ...server,
      identity: () => leaving(server.identity()),
      connectionRoom: (...given) => leaving(server.connectionRoom(...given)),
      provision: (...given) => leaving(server.provision(...given)),
      verifyLogin: (...given) => leaving(server.verifyLogin(...given)),
      setExpiry: (...given) => leaving(server.setExpiry(...given)),
      revoke: (...given) => leaving(server.revoke(...given)),
      listAccounts: () => leaving(server.listAccounts()),
      isAbsent: (...given) => leaving(server.isAbsent(...given)),
      denyLogin: (...given) => leaving(server.denyLogin(...given)),
    };
  }

  return {
    async enter(instance, address) {
      const key = address ? `${address.host}:${address.port}` : "";
      const server = current.get(key) ?? open(key, ctx.accountServer(instance, address));
      current.set(key, server);
      try {
        return await server;
      } catch (error) {
        await leave(key);
        throw error;
      }
    },
    async close() {
      await Promise.all([...current.keys()].map(leave));
    },
  };
}
