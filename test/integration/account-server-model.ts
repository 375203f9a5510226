import type {
  AccountPlan,
  AccountServer,
  BrokerContext,
  Revocation,
} from "@daypass/core/grant/account-engine.port.ts";
import { epochMs } from "@daypass/core/kernel/clock.ts";
import type { Actor } from "@daypass/core/kernel/context.ts";
import type { World } from "./harness.ts";

type Account = { plan: AccountPlan; password: string; canLogin: boolean };
export type Fault = "before" | "after" | "quarantine";

/** What a database server does with accounts, as far as the life cycle can tell, on the movable clock: for histories
 * by the thousand. The real servers have their own suites in test/engines. */
export class AccountServerModel {
  readonly accounts = new Map<string, Account>();
  readonly secrets = new Map<string, string>();
  /** Consumed one by one by the next calls: fail before or after the effect, or refuse to drop. */
  readonly faults: (Fault | undefined)[] = [];
  /** Runs once in the middle of the next call that changes something. */
  meanwhile: (() => Promise<void>) | undefined;
  isUp = true;
  readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  /** Whether somebody could log in as this account now. */
  opens(name: string): boolean {
    const account = this.accounts.get(name);
    return (
      account !== undefined && account.canLogin && epochMs(this.world.clock.now()) < account.plan.expiresAtMs
    );
  }

  broker(actor: Actor = { kind: "system", name: "workflow" }): BrokerContext {
    let made = 0;
    return {
      ...this.world.ctx(actor),
      accountServer: () => Promise.resolve(this.#server()),
      grantSecrets: {
        create: async (name, { password }) => {
          const kept = this.secrets.get(name) ?? password;
          this.secrets.set(name, kept);
          return kept;
        },
        delete: async (name) => {
          this.secrets.delete(name);
        },
      },
      newPassword: () => `password-${(made += 1)}`,
      random: () => 0.5,
    };
  }

  #server(): AccountServer {
    return {
      address: { host: "db.example.com", port: 5432 },
      provision: (plan, password) =>
        this.#call(() => {
          this.accounts.set(plan.name, { plan, password, canLogin: true });
          return { serverId: 7, notGranted: [], deadManSwitch: "login" as const };
        }),
      verifyLogin: (plan, password) =>
        this.#call(() => {
          if (this.accounts.get(plan.name)?.password !== password || !this.opens(plan.name)) {
            throw engineError("authentication", "The account could not log in.");
          }
        }),
      setExpiry: ({ name }, expiresAtMs) =>
        this.#call(() => {
          const account = this.accounts.get(name);
          if (!account) throw engineError("conflict", "There is no such account.");
          this.accounts.set(name, { ...account, plan: { ...account.plan, expiresAtMs } });
        }),
      revoke: ({ name }) => this.#call((fault) => this.#revoke(name, fault)),
    };
  }

  #revoke(name: string, fault: Fault | undefined): Revocation {
    const account = this.accounts.get(name);
    if (fault === "quarantine" && account) {
      this.accounts.set(name, { ...account, canLogin: false });
      const blockers = ["table public.leftover"];
      return {
        status: "quarantined",
        reason: "owned-objects",
        loginDenied: true,
        sessionsLeft: 0,
        blockers,
        remedy: [],
      };
    }
    this.accounts.delete(name);
    return {
      status: "absent",
      sessionsEnded: 1,
      keptObjects: [],
      checkedAtMs: epochMs(this.world.clock.now()),
    };
  }

  async #call<T>(effect: (fault: Fault | undefined) => T): Promise<T> {
    if (!this.isUp) throw engineError("unreachable", "The server cannot be reached.");
    const fault = this.faults.shift();
    if (fault === "before") throw engineError("unreachable", "The connection broke.");
    const result = effect(fault);
    const { meanwhile } = this;
    this.meanwhile = undefined;
    await meanwhile?.();
    if (fault === "after") throw engineError("unreachable", "The answer was lost.");
    return result;
  }
}

function engineError(kind: string, message: string): Error {
  return Object.assign(new Error(message), { name: "EngineError", kind });
}
