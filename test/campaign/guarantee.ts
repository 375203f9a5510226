/** The limits of docs/guarantee.md, in milliseconds after the end (or after the database answers again). */
export type EngineName = "postgres" | "mysql";
export const engineNames: readonly EngineName[] = ["postgres", "mysql"];

export type Promised = "G1" | "G2" | "G3" | "G4" | "G5" | "G6" | "G7";

/** G1: the database's own switch. MySQL and MariaDB look once a minute or so; PostgreSQL at every login. */
export const noLoginAfterMs: Readonly<Record<EngineName, number>> = { postgres: 1_000, mysql: 60_000 };
/** G2. */
export const noSessionAfterMs = 120_000;
/** G3 and G4. */
export const droppedAfterMs = 300_000;
/** G5. */
export const orphanAfterMs = 900_000;
/** G6: what is not revoked by now says so. */
export const visibleAfterMs = 300_000;
