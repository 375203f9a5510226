import { z } from "zod";
import type { Session } from "./connection.ts";
import { errorNumber, isRefusal } from "./failure.ts";
import { hexadecimal, list, sql } from "./quote.ts";
import { threads } from "./sight.ts";

/** A transaction that was prepared (XA) and not finished. It outlives its session and holds its locks, anybody may
 * commit it, and the server does not say whose it is. `text` is the server's own way to write its two names. */
export type Prepared = { rollBack: string; text: readonly string[] };

/** Undefined where we may not look. */
export async function preparedTransactions(session: Session): Promise<Prepared[] | undefined> {
  try {
    // Their names are bytes, which MySQL would send as a text.
    const text = session.dialect.flavour === "mysql" ? "XA RECOVER CONVERT XID" : "XA RECOVER";
    return (await session.rows(preparedRow, text)).map(toPrepared);
  } catch (error) {
    if (isRefusal(error) || errorNumber(error) === 1401) return undefined;
    throw error;
  }
}

/**
 * Those that the sessions of this user prepared, as far as MySQL remembers: the last transaction of each session that is
 * still open. MariaDB does not keep it.
 */
export async function preparedBy(session: Session, name: string): Promise<ReadonlySet<string>> {
  if (session.dialect.flavour === "mariadb") return new Set();
  try {
    const rows = await session.rows(
      authorRow,
      `SELECT t.PROCESSLIST_USER AS name, e.XID_FORMAT_ID AS formatId, e.XID_GTRID AS gtrid, e.XID_BQUAL AS bqual
       FROM performance_schema.events_transactions_current AS e JOIN ${threads} AS t ON t.THREAD_ID = e.THREAD_ID
       WHERE t.PROCESSLIST_USER = ? AND e.XA_STATE = 'PREPARED'`,
      [name],
    );
    const own = rows.filter((row) => row.name === name);
    return new Set(own.map(({ formatId, gtrid, bqual }) => keyOf(formatId, gtrid, bqual ?? "")));
  } catch (error) {
    // Without the right it is not known who prepared what, and nothing is rolled back on a guess.
    if (isRefusal(error)) return new Set();
    throw error;
  }
}

export function isOneOf({ text }: Prepared, authors: ReadonlySet<string>): boolean {
  return text.some((key) => authors.has(key));
}

/** Their names are bytes of any kind, in two parts. */
function toPrepared({ formatID, gtrid_length, bqual_length, data }: z.infer<typeof preparedRow>): Prepared {
  const bytes = typeof data === "string" ? Buffer.from(data.replace(/^0x/, ""), "hex") : Buffer.from(data);
  const global = bytes.subarray(0, gtrid_length);
  const branch = bytes.subarray(gtrid_length, gtrid_length + bqual_length);
  const parts = [constant(global), constant(branch), formatID];
  return {
    rollBack: sql`XA ROLLBACK ${list(parts)}`,
    text: writings(global).flatMap((one) => writings(branch).map((other) => keyOf(formatID, one, other))),
  };
}

function constant(bytes: Buffer): string {
  return bytes.length === 0 ? "''" : hexadecimal(bytes);
}

/** The performance schema writes what can be printed as it is, and all else in hexadecimal. */
function writings(bytes: Buffer): string[] {
  return [bytes.toString("latin1"), `0x${bytes.toString("hex").toUpperCase()}`];
}

function keyOf(formatId: string, gtrid: string, bqual: string): string {
  return JSON.stringify([formatId, gtrid, bqual]);
}

/** 64 bits, of which the driver makes a text beyond 53, and a number below zero of the highest: digits, as XA takes them. */
const formatId = z
  .union([z.number(), z.string()])
  .transform((id) => BigInt.asUintN(64, BigInt(id)).toString());

const preparedRow = z.strictObject({
  formatID: formatId,
  gtrid_length: z.number(),
  bqual_length: z.number(),
  data: z.union([z.string(), z.instanceof(Uint8Array)]),
});

const authorRow = z.strictObject({
  name: z.string(),
  formatId,
  gtrid: z.string(),
  bqual: z.string().nullable(),
});
