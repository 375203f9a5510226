import { z } from "zod";
import type { Session } from "./connection.ts";
import { isRefusal } from "./failure.ts";

/** A foreign key that passes a change of `parent` on to a table of another database, without asking for rights there. */
export type Cascade = { database: string; parent: string; child: string };

/** Those of the whole server, as InnoDB keeps them; undefined where the administrator may not look (PROCESS). */
export async function cascadesBetweenDatabases(session: Session): Promise<Cascade[] | undefined> {
  try {
    const rows = await session.rows(
      z.strictObject({
        child: z.string(),
        childTable: z.string(),
        parent: z.string(),
        parentTable: z.string(),
      }),
      session.dialect.flavour === "mariadb" ? mariadbQuery : mysqlQuery,
    );
    return rows
      .filter(({ child, parent }) => child !== parent)
      .map((row) => ({
        database: row.parent,
        parent: `${row.parent}.${row.parentTable}`,
        child: `${row.child}.${row.childTable}`,
      }));
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** Bits 1, 2, 4 and 8 are CASCADE and SET NULL, at DELETE and at UPDATE. */
const mysqlQuery = `SELECT SUBSTRING_INDEX(FOR_NAME, '/', 1) AS child, SUBSTRING(FOR_NAME, LOCATE('/', FOR_NAME) + 1) AS childTable,
    SUBSTRING_INDEX(REF_NAME, '/', 1) AS parent, SUBSTRING(REF_NAME, LOCATE('/', REF_NAME) + 1) AS parentTable
  FROM information_schema.INNODB_FOREIGN WHERE TYPE & 15 <> 0 ORDER BY FOR_NAME`;

/** There names are written as those of files. */
const mariadbQuery = `SELECT CONVERT(CAST(SUBSTRING_INDEX(FOR_NAME, '/', 1) AS BINARY) USING filename) AS child,
    CONVERT(CAST(SUBSTRING(FOR_NAME, LOCATE('/', FOR_NAME) + 1) AS BINARY) USING filename) AS childTable,
    CONVERT(CAST(SUBSTRING_INDEX(REF_NAME, '/', 1) AS BINARY) USING filename) AS parent,
    CONVERT(CAST(SUBSTRING(REF_NAME, LOCATE('/', REF_NAME) + 1) AS BINARY) USING filename) AS parentTable
  FROM information_schema.INNODB_SYS_FOREIGN WHERE TYPE & 15 <> 0 ORDER BY FOR_NAME`;
