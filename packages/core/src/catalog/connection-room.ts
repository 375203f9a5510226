import type { Instance } from "./instance.ts";

/** How many connections a server takes, and how many of these it keeps for its administrators. */
export type ServerConnections = { max: number; reserved: number };

export const defaultConnectionSettings = {
  connectionsPerAccount: 5,
  connectionShare: 50,
  accountsPerPerson: 5,
} as const;

type Settings = { [K in keyof typeof defaultConnectionSettings]: number };

/** Those of an instance; records from before there were any have the defaults. */
export function connectionSettingsOf(instance: Pick<Instance, keyof Settings>): Settings {
  const usual = defaultConnectionSettings;
  return {
    connectionsPerAccount: instance.connectionsPerAccount ?? usual.connectionsPerAccount,
    connectionShare: instance.connectionShare ?? usual.connectionShare,
    accountsPerPerson: instance.accountsPerPerson ?? usual.accountsPerPerson,
  };
}

/** The connections that all lent accounts of a server may use together: a share of what it gives to everybody. The rest
 * stays for applications, and for the broker, which has to log in to end anything. */
export function lendableConnections({ max, reserved }: ServerConnections, share: number): number {
  return Math.max(0, Math.floor(((max - reserved) * share) / 100));
}
