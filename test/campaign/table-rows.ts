import { DeleteCommand, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { Grant } from "@daypass/core/grant/grant.ts";
import type { Installation } from "./installation.ts";

type Row = Record<string, unknown>;

/** The rows of the table that are the record of one grant, as they are now. */
export async function rowsOfGrant({ world }: Installation, id: Grant["id"]): Promise<Row[]> {
  const { client, name } = world.table;
  const rows: Row[] = [];
  let from: Row | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: name,
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    rows.push(...(page.Items ?? []).filter((row) => row["id"] === id && "grant" in row));
    from = page.LastEvaluatedKey;
  } while (from);
  if (rows.length === 0) throw new Error("the table has no record of the grant");
  return rows;
}

/** As when the table is restored to an earlier moment. */
export async function putBack({ world }: Installation, rows: readonly Row[]): Promise<void> {
  const { client, name } = world.table;
  for (const Item of rows) await client.send(new PutCommand({ TableName: name, Item }));
}

export async function remove({ world }: Installation, rows: readonly Row[]): Promise<void> {
  const { client, name } = world.table;
  for (const { pk, sk } of rows) await client.send(new DeleteCommand({ TableName: name, Key: { pk, sk } }));
}
