import { type Engine, EngineError, type FoundAccount, type Preflight, type Revocation } from "./engine.ts";
import { visible } from "./unseen.ts";

/**
 * The engine, with every statement that it shows to people in a form that can be pasted: here, so that none is left
 * out, whoever wrote it and wherever.
 */
export function withPastedStatements(engine: Engine, pasted: (statement: string) => string): Engine {
  const each = (statements: readonly string[]) => statements.map(pasted);

  async function showing<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof EngineError) || error.remedy.length === 0) throw error;
      const { kind, message, remedy, cause } = error;
      throw new EngineError(kind, message, { cause, remedy: each(remedy) });
    }
  }

  const ofRevocation = (revocation: Revocation): Revocation =>
    revocation.status === "absent"
      ? { ...revocation, keptObjects: revocation.keptObjects.map(visible) }
      : { ...revocation, blockers: revocation.blockers.map(visible), remedy: each(revocation.remedy) };

  const ofPreflight = (preflight: Preflight): Preflight => ({
    ...preflight,
    checks: preflight.checks.map((check) => ({
      ...check,
      statements: check.statements.map((one) => ({ ...one, sql: pasted(one.sql) })),
    })),
  });

  const ofAccount = (account: FoundAccount): FoundAccount =>
    account.remedy === undefined ? account : { ...account, remedy: each(account.remedy) };

  return {
    serverIdentity: (target) => showing(engine.serverIdentity(target)),
    connectionRoom: (target, except) => showing(engine.connectionRoom(target, except)),
    preflight: async (target) => ofPreflight(await showing(engine.preflight(target))),
    listDatabases: (target) => showing(engine.listDatabases(target)),
    readSchema: (target, database) => showing(engine.readSchema(target, database)),
    provision: (target, plan, password) => showing(engine.provision(target, plan, password)),
    verifyLogin: (target, plan, password) => showing(engine.verifyLogin(target, plan, password)),
    setExpiry: (target, account, expiresAtMs) => showing(engine.setExpiry(target, account, expiresAtMs)),
    revoke: async (target, account, progress) =>
      ofRevocation(await showing(engine.revoke(target, account, progress))),
    isAbsent: (target, name) => showing(engine.isAbsent(target, name)),
    listAccounts: async (target) => (await showing(engine.listAccounts(target))).map(ofAccount),
    denyLogin: (target, account) => showing(engine.denyLogin(target, account)),
  };
}
