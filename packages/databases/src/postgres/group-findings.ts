import { z } from "zod";
import type { Target } from "../engine.ts";
import { widenedGroups } from "./assert-rights.ts";
import type { Session } from "./connection.ts";
import { isOfCluster } from "./database-identity.ts";
import { type Marker, parseMarker } from "./names.ts";
import { identifier, sql } from "./quote.ts";
import { systemIdentifier } from "./server-identity.ts";
import { closeStrays, type HeldRights, heldRights } from "./stray-rights.ts";

/** What is wrong with a group, as the end of a sentence about each of its members, and the statements that mend it. */
export type GroupFindings = { sentences: string[]; remedy: string[] };

/** Groups of this stack that give rights where they should not, by name. */
export async function groupFindings(session: Session, target: Target): Promise<Map<string, GroupFindings>> {
  const groups = (await session.rows(groupRow, groupsQuery)).flatMap(({ name, comment }) => {
    const marker = parseMarker(comment);
    return marker?.kind === "group" && marker.stack === target.stack ? [{ name, marker }] : [];
  });
  const cluster = await systemIdentifier(session);
  const groupNames = groups.map(({ name }) => name);
  const reachable = (await heldRights(session, groupNames)).filter((one) => one.reachable);
  const widened = await widenedGroups(session, groupNames);
  const names = new Map(
    (await session.rows(databaseRow, databasesQuery)).map(({ oid, name }) => [oid, name]),
  );
  const findings = new Map<string, GroupFindings>();
  for (const { name, marker } of groups) {
    const found = findingsOf(
      name,
      marker,
      reachable.filter((one) => one.group === name),
      { cluster, names, administrator: target.administrator.username },
    );
    for (const { role } of widened.filter((one) => one.group === name)) {
      found.sentences.push(`is a member of ${role} through group ${name}`);
      found.remedy.push(sql`REVOKE ${identifier(role)} FROM ${identifier(name)};`);
    }
    if (found.sentences.length > 0) findings.set(name, found);
  }
  return findings;
}

function findingsOf(
  name: string,
  { home }: Extract<Marker, { kind: "group" }>,
  held: readonly HeldRights[],
  {
    cluster,
    names,
    administrator,
  }: { cluster: string | null; names: ReadonlyMap<number, string>; administrator: string },
): GroupFindings {
  if (home === null) {
    // Of an earlier version, which did not write down for which database: two are one too many.
    const databases = held.map(({ database }) => database).join(", ");
    const sentence = `reaches more than one database (${databases}) through group ${name}: end its access and request it again`;
    return { sentences: held.length > 1 ? [sentence] : [], remedy: [] };
  }
  if (!isOfCluster(home, cluster)) {
    return { sentences: [`is a member of ${name}, which another server created`], remedy: [] };
  }
  const strays = held.filter(({ oid }) => oid !== home.oid);
  return {
    sentences: strays.map(
      ({ database }) =>
        `reaches database ${database} through group ${name}, which belongs to ${names.get(home.oid) ?? "a database that was dropped"}`,
    ),
    remedy: closeStrays(strays, administrator),
  };
}

const groupRow = z.strictObject({ name: z.string(), comment: z.string().nullable() });
const databaseRow = z.strictObject({ oid: z.number(), name: z.string() });
const databasesQuery = "SELECT oid, datname::text AS name FROM pg_database";

const groupsQuery = `
SELECT r.rolname::text AS name, shobj_description(r.oid, 'pg_authid') AS comment
FROM pg_roles r WHERE r.rolname LIKE 'daypass\\_%' AND NOT r.rolcanlogin
  AND EXISTS (SELECT FROM pg_auth_members m WHERE m.roleid = r.oid)`;
