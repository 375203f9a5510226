import { startAws } from "@daypass/local/aws/start-aws.ts";
import { createDynamoDb } from "@daypass/local/dynamodb/dynamodb.ts";
import { bePart } from "./part.ts";

/** DynamoDB: the table on disk as `npm start` keeps it, and nothing else in this process. */
const { BENCH_TABLE_FOLDER: folder, BENCH_AWS_FOLDER: aws } = process.env;
const dynamodb = await createDynamoDb({ folder });
const { url } = await startAws({ folder: aws, handlers: { dynamodb } });
await bePart({ url });
