import type { AccountPlan } from "../engine.ts";
import { accountMarker } from "./names.ts";
import { identifier, instant, integer, literal, sql } from "./quote.ts";

export const defaultConnectionLimit = 10;
export const defaultStatementTimeoutMs = 30 * 60_000;
export const defaultIdleInTransactionTimeoutMs = 5 * 60_000;
/** A temporary account must not make the application wait behind it for longer than this. */
export const accountLockTimeoutMs = 30_000;

/** What the mint runs for the account itself, after its groups are ready. The verifier stands for the password. */
export function createAccountStatements(
  plan: AccountPlan,
  details: { stack: string; version: number; groups: readonly string[]; verifier: string },
): string[] {
  const role = identifier(plan.name);
  return [
    sql`CREATE ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS ${changeable(plan, details.verifier)}`,
    sql`COMMENT ON ROLE ${role} IS ${literal(accountMarker(details.stack, plan))}`,
    ...accountSettingStatements(plan, details),
  ];
}

/** The same for an account that a repeated provision finds there already. */
export function refreshAccountStatements(
  plan: AccountPlan,
  details: { version: number; groups: readonly string[]; verifier: string },
): string[] {
  return [
    sql`ALTER ROLE ${identifier(plan.name)} ${changeable(plan, details.verifier)}`,
    ...accountSettingStatements(plan, details),
  ];
}

export function membershipStatement(group: string, account: string, version: number): string {
  // Without SET the account cannot become the group, and so cannot make objects that outlive it in the group's name.
  return version >= 16
    ? sql`GRANT ${identifier(group)} TO ${identifier(account)} WITH INHERIT TRUE, SET FALSE`
    : sql`GRANT ${identifier(group)} TO ${identifier(account)}`;
}

export function expiryStatement(name: string, expiresAtMs: number): string {
  return sql`ALTER ROLE ${identifier(name)} VALID UNTIL ${instant(expiresAtMs)}`;
}

function changeable(plan: AccountPlan, verifier: string): string {
  const limit = integer(plan.connectionLimit ?? defaultConnectionLimit);
  return sql`CONNECTION LIMIT ${limit} VALID UNTIL ${instant(plan.expiresAtMs)} PASSWORD ${literal(verifier)}`;
}

// The account can change these for itself: they protect from accidents. The server's own watch protects from intent.
function accountSettingStatements(
  plan: AccountPlan,
  details: { version: number; groups: readonly string[] },
): string[] {
  const role = identifier(plan.name);
  const settings: readonly (readonly [string, number])[] = [
    ["statement_timeout", plan.statementTimeoutMs ?? defaultStatementTimeoutMs],
    [
      "idle_in_transaction_session_timeout",
      plan.idleInTransactionTimeoutMs ?? defaultIdleInTransactionTimeoutMs,
    ],
    ["lock_timeout", accountLockTimeoutMs],
  ];
  return [
    ...details.groups.map((group) => membershipStatement(group, plan.name, details.version)),
    ...settings.map(
      ([name, ms]) => sql`ALTER ROLE ${role} SET ${identifier(name)} = ${literal(`${integer(ms)}ms`)}`,
    ),
  ];
}
