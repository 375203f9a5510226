import type {
  AccountPlan,
  AccountServer,
  BrokerContext,
  FoundAccount,
  Revocation,
} from "@daypass/core/grant/account-engine.port.ts";
import { type Clock, epochMs, plusMs } from "@daypass/core/kernel/clock.ts";
import type { Actor, Context } from "@daypass/core/kernel/context.ts";

type Account = {
  plan: AccountPlan;
  password: string;
  canLogin: boolean;
  extraRights?: string[];
  renamedFrom?: string;
};
/** One server: where it is, what tells it from others, and what is on it. */
export type ModelServer = {
  host: string;
  identity: string | null;
  accounts: Map<string, Account>;
  isUp: boolean;
  /** It answers, but the administrator's credential is none here. */
  refuses: boolean;
};
export type Fault = "before" | "after" | "quarantine";

type ModelWorld = { clock: Clock; ctx(who: Actor): Context };

/** What a database server does with accounts, as far as the life cycle can tell, on the movable clock: for histories
 * by the thousand. The real servers have their own suites in test/engines. */
export class AccountServerModel {
  /** Where the instance's secret points: to the first of them until somebody changes it. */
  host = "db.example.com";
  readonly servers = new Map<string, ModelServer>();
  readonly secrets = new Map<string, string>();
  /** Consumed one by one by the next calls: fail before or after the effect, or refuse to drop. */
  readonly faults: (Fault | undefined)[] = [];
  /** Runs once in the middle of the next call that changes something. */
  meanwhile: (() => Promise<void>) | undefined;
  connectionsPerInstance = 8;
  /** How many connections a server takes. */
  connectionsOfServer = 1_000;
  /** How many brokers have a server open now, and had at most. */
  openServers = 0;
  mostServers = 0;
  readonly world: ModelWorld;
  readonly first: ModelServer;

  constructor(world: ModelWorld) {
    this.world = world;
    this.first = this.addServer(this.host, "one");
  }

  /** Those of the server that is there from the start. */
  get accounts(): Map<string, Account> {
    return this.first.accounts;
  }
  get isUp(): boolean {
    return this.first.isUp;
  }
  set isUp(isUp: boolean) {
    this.first.isUp = isUp;
  }

  /** A server beside the first; with the accounts of another one it is a copy of that, as it is now. */
  addServer(
    host: string,
    identity: string | null,
    copied: ReadonlyMap<string, Account> = new Map(),
  ): ModelServer {
    const server = { host, identity, accounts: new Map(copied), isUp: true, refuses: false };
    this.servers.set(host, server);
    return server;
  }

  /** Whether somebody could log in as this account now, on the first server or that one. */
  opens(name: string, { accounts }: ModelServer = this.first): boolean {
    const account = accounts.get(name);
    return (
      account !== undefined && account.canLogin && epochMs(this.world.clock.now()) < account.plan.expiresAtMs
    );
  }

  broker(actor: Actor = { kind: "system", name: "workflow" }): BrokerContext {
    let made = 0;
    return {
      ...this.world.ctx(actor),
      accountServer: async (_instance, address) => {
        this.openServers += 1;
        this.mostServers = Math.max(this.mostServers, this.openServers);
        return this.#server(address?.host ?? this.host);
      },
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
      limits: {
        connectionsPerInstance: this.connectionsPerInstance,
        endsAt: plusMs(this.world.clock.now(), 110_000),
      },
    };
  }

  #server(host: string): AccountServer {
    const server = this.servers.get(host);
    const reach = () => {
      if (!server?.isUp) throw engineError("unreachable", "The server cannot be reached.");
      if (server.refuses) throw engineError("authentication", "The administrator could not log in.");
      return server;
    };
    const call = <T>(effect: (on: ModelServer, fault: Fault | undefined) => T) => this.#call(reach, effect);
    return {
      address: { host, port: 5432 },
      identity: async () => reach().identity,
      connectionRoom: async (except) => {
        const others = [...reach().accounts].filter(([name]) => name !== except);
        const lent = others.reduce((sum, [, { plan }]) => sum + (plan.connectionLimit ?? 0), 0);
        return { max: this.connectionsOfServer, reserved: 3, lent };
      },
      provision: (plan, password) =>
        call(({ accounts }) => {
          if (accounts.get(plan.name)?.canLogin === false)
            throw engineError("conflict", "The account was denied login already.");
          if (epochMs(this.world.clock.now()) >= plan.expiresAtMs)
            throw engineError("invalid", "The end has passed by the database's clock.");
          accounts.set(plan.name, { plan, password, canLogin: true });
          return { serverId: 7, notGranted: [], deadManSwitch: "login" as const };
        }),
      verifyLogin: (plan, password) =>
        call((on) => {
          if (on.accounts.get(plan.name)?.password !== password || !this.opens(plan.name, on)) {
            throw engineError("authentication", "The account could not log in.");
          }
        }),
      setExpiry: ({ name }, expiresAtMs) =>
        call(({ accounts }) => {
          const account = accounts.get(name);
          if (!account?.canLogin)
            throw engineError("conflict", "There is no such account, or it was denied login.");
          accounts.set(name, { ...account, plan: { ...account.plan, expiresAtMs } });
        }),
      revoke: (account) => call(({ accounts }, fault) => this.#revoke(accounts, account, fault)),
      denyLogin: ({ name }) =>
        call(({ accounts }) => {
          const account = accounts.get(name);
          if (account) accounts.set(name, { ...account, canLogin: false });
          return { sessionsEnded: 0 };
        }),
      listAccounts: () =>
        call(({ accounts }) => [...accounts].map(([name, account]) => found(name, account))),
      isAbsent: (name) => call(({ accounts }) => !accounts.has(name)),
      close: async () => {
        this.openServers -= 1;
      },
    };
  }

  #revoke(accounts: Map<string, Account>, { name }: { name: string }, fault: Fault | undefined): Revocation {
    const account = accounts.get(name);
    if (fault === "quarantine" && account) {
      accounts.set(name, { ...account, canLogin: false });
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
    accounts.delete(name);
    return {
      status: "absent",
      sessionsEnded: 1,
      keptObjects: [],
      checkedAtMs: epochMs(this.world.clock.now()),
    };
  }

  async #call<T>(
    reach: () => ModelServer,
    effect: (on: ModelServer, fault: Fault | undefined) => T,
  ): Promise<T> {
    const on = reach();
    const fault = this.faults.shift();
    if (fault === "before") throw engineError("unreachable", "The connection broke.");
    const result = effect(on, fault);
    const { meanwhile } = this;
    this.meanwhile = undefined;
    await meanwhile?.();
    if (fault === "after") throw engineError("unreachable", "The answer was lost.");
    return result;
  }
}

function found(name: string, { plan, canLogin, extraRights = [], renamedFrom }: Account): FoundAccount {
  return {
    name,
    grantId: plan.grantId,
    serverId: 7,
    validUntilMs: plan.expiresAtMs,
    canLogin,
    sessions: 0,
    extraRights,
    ...(renamedFrom ? { renamedFrom } : {}),
  };
}

function engineError(kind: string, message: string): Error {
  return Object.assign(new Error(message), { name: "EngineError", kind });
}
