import { z } from "zod";
import type { Session } from "./connection.ts";
import type { Dialect } from "./dialect.ts";
import { account, sql } from "./quote.ts";
import { objectOf, type Right } from "./rights.ts";

/** One line of SHOW GRANTS: privileges on an object (`*.*`, `` `d`.* ``, `` `d`.`t` ``), or a role. */
export type Grant = { privileges: string[]; object: string; grantable: boolean };

/** What an account holds; `"PUBLIC"` asks for what everybody holds; `"me"` for the session's own, with its active roles. */
export async function showGrants(
  session: Session,
  whose: { name: string; host: string } | "PUBLIC" | "me",
): Promise<Grant[]> {
  const rows = await session.rows(z.record(z.string(), z.string()), await textFor(session, whose));
  return rows.flatMap((row) => Object.values(row).map(parseGrant));
}

async function textFor(
  session: Session,
  whose: { name: string; host: string } | "PUBLIC" | "me",
): Promise<string> {
  if (whose === "PUBLIC") return "SHOW GRANTS FOR PUBLIC";
  return whose === "me" ? textForOwn(session) : sql`SHOW GRANTS FOR ${account(whose.name, whose.host)}`;
}

/** MariaDB tells what active roles hold when nobody is named; MySQL, when the roles are. The master user of RDS has its
 * rights through one. */
async function textForOwn(session: Session): Promise<string> {
  if (session.dialect.flavour === "mariadb") return "SHOW GRANTS";
  const [row] = await session.rows(z.strictObject({ roles: z.string() }), "SELECT CURRENT_ROLE() AS roles");
  const using = row === undefined || row.roles === "NONE" ? "" : ` USING ${row.roles}`;
  return `SHOW GRANTS FOR CURRENT_USER()${using}`;
}

/** A line that is no plain grant, such as a role, becomes its own first words: never its hash. */
export function parseGrant(line: string): Grant {
  const [, privileges, object, rest] =
    /^GRANT ([^`]+?) ON ((?:`(?:[^`]|``)*`|\*)\.(?:`(?:[^`]|``)*`|\*)) TO (.*)$/s.exec(line) ?? [];
  if (privileges !== undefined && object !== undefined && rest !== undefined) {
    return { privileges: splitPrivileges(privileges), object, grantable: mayGive(rest) };
  }
  const [, what = "something"] = /^(.+?)(?: TO | IDENTIFIED |$)/s.exec(line) ?? [];
  return { privileges: [what], object: "", grantable: mayGive(line) };
}

/** Asked only of what stands behind the names: a table can be called `x WITH GRANT OPTION`. */
function mayGive(rest: string): boolean {
  return / WITH (.* )?GRANT OPTION( |$)/s.test(rest);
}

/** Sentences about what is held beyond what was meant, and what was meant and is not held, with the rights to give. */
export function compareGrants(
  held: readonly Grant[],
  meant: readonly Right[],
  dialect: Pick<Dialect, "plainDatabaseNames">,
): { extra: string[]; missing: string[]; toGive: Right[] } {
  const wanted = new Map(meant.map((right) => [objectOf(right, dialect), right.privileges]));
  const seen = new Set<string>();
  const extra: string[] = [];
  for (const { privileges, object, grantable } of held) {
    const here = wanted.get(object);
    const beyond = privileges.filter((one) => one !== "USAGE" && here?.includes(one) !== true);
    if (beyond.length > 0)
      extra.push(object === "" ? beyond.join(", ") : `${beyond.join(", ")} on ${object}`);
    if (grantable) extra.push(`may give ${object === "" ? "a role" : `its rights on ${object}`} to others`);
    for (const one of privileges) seen.add(`${one} on ${object}`);
  }
  const missing: string[] = [];
  const toGive: Right[] = [];
  for (const right of meant) {
    const object = objectOf(right, dialect);
    const left = right.privileges.filter((one) => !seen.has(`${one} on ${object}`));
    if (left.length === 0) continue;
    missing.push(`${left.join(", ")} on ${object}`);
    toGive.push(right);
  }
  return { extra, missing, toGive };
}

/** Commas inside the parentheses of a list of columns do not part privileges. MySQL puts no space behind those of its
 * dynamic ones. */
function splitPrivileges(text: string): string[] {
  return text.split(/,(?![^()]*\))/).map((one) => one.trim());
}
