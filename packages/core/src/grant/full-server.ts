import {
  connectionSettingsOf,
  lendableConnections,
  type ServerConnections,
} from "../catalog/connection-room.ts";
import type { Instance } from "../catalog/instance.ts";
import type { Instant } from "../kernel/clock.ts";
import { DomainError } from "../kernel/errors.ts";

/** What is lent on a server: the connections of all its accounts, those that one person has there, and when the first
 * of each ends. */
export type Lent = {
  connections: number;
  nextEnd?: Instant | undefined;
  accountsOfPerson: number;
  nextEndOfPerson?: Instant | undefined;
};

/** Why nobody, or not this person, can be lent one account more on a server now; undefined when there is room. Accounts
 * that use up all connections would keep the broker out, and then nothing on that server could be ended. */
export function fullServer(
  instance: Pick<Instance, "name" | "connectionsPerAccount" | "connectionShare" | "accountsPerPerson">,
  connections: ServerConnections | undefined,
  lent: Lent,
): DomainError | undefined {
  const { connectionsPerAccount, connectionShare, accountsPerPerson } = connectionSettingsOf(instance);
  const { name } = instance;
  if (lent.accountsOfPerson >= accountsPerPerson) {
    const held = lent.accountsOfPerson === 1 ? "1 account" : `${lent.accountsOfPerson} accounts`;
    return full(
      "instance.full-for-person",
      `You hold ${held} on ${name}, and one person may hold ${accountsPerPerson}. End one of them${orWait(lent.nextEndOfPerson)}.`,
    );
  }
  if (!connections) return undefined;
  const lendable = lendableConnections(connections, connectionShare);
  if (lent.connections + connectionsPerAccount <= lendable) return undefined;
  if (lendable < connectionsPerAccount) {
    return full(
      "instance.full",
      `${name} takes ${connections.max} connections, of which ${lendable} may be lent: fewer than the ${connectionsPerAccount} of one account. An administrator can change both limits of the instance.`,
    );
  }
  return full(
    "instance.full",
    `All connections of ${name} that may be lent are taken: ${lent.connections} of ${lendable}. Holders can end what they no longer need, and administrators any access there; you can also wait${until(lent.nextEnd)}.`,
  );
}

function full(code: string, message: string): DomainError {
  return new DomainError("limited", code, message);
}

function orWait(end: Instant | undefined): string {
  return end ? `, or wait${until(end)}` : "";
}

function until(end: Instant | undefined): string {
  return end ? `: the next access ends at ${end.slice(0, 16).replace("T", " ")} UTC` : "";
}
