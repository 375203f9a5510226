import { DomainError } from "../kernel/errors.ts";

/** Where a server is, and what tells it from every other; null where it does not tell. */
export type Place = { host: string; port: number; identity: string | null };

/** Whether what is true of one is true of the other: the same identity wherever it is, else the same address. */
export function isSamePlace(recorded: Place, present: Place): boolean {
  return recorded.identity === null || present.identity === null
    ? recorded.identity === null && isSameAddress(recorded, present)
    : recorded.identity === present.identity;
}

export function isSameAddress(
  one: Pick<Place, "host" | "port">,
  other: Pick<Place, "host" | "port">,
): boolean {
  return one.host.toLowerCase() === other.host.toLowerCase() && one.port === other.port;
}

/** The account is on one server, and only another one can be looked at: its absence there would prove nothing. */
export function serverChanged(recorded: Place, present: Place, cause?: string): DomainError {
  const there = isSameAddress(recorded, present)
    ? `at ${addressOf(present)} another server answers now${present.identity === null ? ", or it no longer tells its identity" : ""}`
    : `the instance points to ${addressOf(present)} now`;
  return new DomainError(
    "unavailable",
    "server.changed",
    `The account was made on the server at ${addressOf(recorded)}, but ${there}. ${cause ?? "What is not found there may still be on the first one."}`,
    {
      details: {
        blockers: [`made on ${placeText(recorded)}`, `found ${placeText(present)}`],
        remedy: [
          `-- Let the instance's secret point to the server at ${addressOf(recorded)} again until this is revoked, or let its administrator's credential be the same there.`,
          "-- If that server is gone for good, or was upgraded in place under a new identity: write the grant off, which says that nobody saw the account absent.",
        ],
      },
    },
  );
}

function placeText(place: Place): string {
  return `${addressOf(place)} (${place.identity ?? "identity unknown"})`;
}

function addressOf({ host, port }: Pick<Place, "host" | "port">): string {
  return `${host}:${port}`;
}
