import { CreateTableCommand, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { createDynamoDb } from "@daypass/local/dynamodb/dynamodb.ts";
import { serve } from "../endpoint.ts";
import { definition, withStream } from "../tables.ts";

export const WRITER_TABLE = "writer";

/**
 * Writes numbered transactions to the folder for ever, and tells each number once it is acknowledged. Run as
 * a program, to be killed.
 */
async function write(folder: string): Promise<void> {
  const endpoint = await serve(await createDynamoDb({ folder }));
  const { TableNames } = await endpoint.dynamodb.send(new ListTablesCommand({}));
  if (TableNames?.includes(WRITER_TABLE) !== true) {
    await endpoint.dynamodb.send(
      new CreateTableCommand(definition(WRITER_TABLE, ["gsi1", "gsi2"], withStream)),
    );
  }
  const Key = { pk: "state", sk: "state" };
  const { Item } = await endpoint.documents.get({ TableName: WRITER_TABLE, Key });
  for (let n = Item === undefined ? 0 : Number(Item.n) + 1; ; n++) {
    const sk = String(n).padStart(8, "0");
    const put = (item: object) => ({ Put: { TableName: WRITER_TABLE, Item: { sk, n, ...item } } });
    await endpoint.documents.transactWrite({
      TransactItems: [
        put({ pk: "move", gsi1pk: "moves", gsi1sk: sk }),
        put({ pk: "event", gsi2pk: "events", gsi2sk: sk }),
        {
          Update: {
            TableName: WRITER_TABLE,
            Key,
            UpdateExpression: "SET n = :n, gsi1pk = :state, gsi1sk = :sk",
            ExpressionAttributeValues: { ":n": n, ":state": "state", ":sk": sk },
          },
        },
      ],
    });
    process.stdout.write(`${n}\n`);
  }
}

const [, program, folder] = process.argv;
if (program?.endsWith("writer.ts") === true && folder !== undefined) await write(folder);
