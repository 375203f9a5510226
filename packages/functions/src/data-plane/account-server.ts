import type { AccountPlan, AccountServer } from "@daypass/core/grant/account-engine.port.ts";
import type { Engine, Target } from "@daypass/databases/engine.ts";
import { engineScope } from "../engine-scope.ts";

/** The accounts of one server as the domain asks for them; with it end the sessions that the target keeps. */
export function accountServerOf(engine: Engine, target: Target): AccountServer {
  const { host, port } = target.server;
  return {
    address: { host, port },
    identity: () => engine.serverIdentity(target),
    connectionRoom: (except) => engine.connectionRoom(target, except),
    provision: (plan, password) => engine.provision(target, planFor(plan), password),
    verifyLogin: (plan, password) => engine.verifyLogin(target, planFor(plan), password),
    setExpiry: (account, expiresAtMs) => engine.setExpiry(target, account, expiresAtMs),
    revoke: (account) => engine.revoke(target, account),
    listAccounts: () => engine.listAccounts(target),
    isAbsent: (name) => engine.isAbsent(target, name),
    denyLogin: (account) => engine.denyLogin(target, account),
    close: async () => target.sessions?.close(),
  };
}

function planFor(plan: AccountPlan) {
  return { ...plan, scope: engineScope(plan.scope) };
}
