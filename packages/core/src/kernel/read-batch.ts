import { BatchGetCommand, type BatchGetCommandOutput } from "@aws-sdk/lib-dynamodb";
import type { Context } from "./context.ts";
import { DomainError } from "./errors.ts";

type Reads = Pick<Context, "table" | "clock">;
type Key = Record<string, unknown>;
type Row = Record<string, unknown>;

/** The most keys that one call may name. */
const keysAtOnce = 100;
/** So many calls may read less than a quarter of what they asked for; an answer that is full at 16 MB has at least 40 of
 * 100 items, so only a table that does not answer uses them up. Waits about three seconds in all at most. */
const poorAnswersAtMost = 7;
const firstWaitMs = 40;

/** Reads many items by their keys, each given as ElectroDB's `.get(…).params()`; in any order, and without those that do
 * not exist. DynamoDB may leave keys unread at any time and says so beside what it read: these are asked for again, so
 * that what is missing from the result is really not there.
 * @throws DomainError unavailable `table.partial` when something stays unread. */
export async function readBatch(
  ctx: Reads,
  reads: readonly object[],
  { consistent }: { consistent: boolean },
): Promise<Row[]> {
  const waiting = distinctKeys(reads);
  const rows: Row[] = [];
  let poorAnswers = 0;
  while (waiting.length > 0) {
    const asked = waiting.splice(0, keysAtOnce);
    const answer = await ctx.table.client.send(
      new BatchGetCommand({
        RequestItems: { [ctx.table.name]: { Keys: asked, ConsistentRead: consistent } },
      }),
    );
    const unread = unreadOf(answer, ctx.table.name);
    rows.push(...(answer.Responses?.[ctx.table.name] ?? []));
    if (unread.length === 0) continue;
    waiting.push(...unread);
    if (asked.length - unread.length >= asked.length / 4) continue;
    poorAnswers += 1;
    if (poorAnswers === poorAnswersAtMost) throw partial(waiting.length);
    await ctx.clock.sleep(firstWaitMs * 2 ** (poorAnswers - 1) * (0.5 + Math.random() / 2));
  }
  return rows;
}

function distinctKeys(reads: readonly object[]): Key[] {
  const keys = reads.map((params) => (params as { Key: Key }).Key);
  return [...new Map(keys.map((one) => [JSON.stringify(one), one])).values()];
}

function unreadOf({ UnprocessedKeys }: BatchGetCommandOutput, table: string): Key[] {
  return UnprocessedKeys?.[table]?.Keys ?? [];
}

function partial(count: number): DomainError {
  return new DomainError(
    "unavailable",
    "table.partial",
    "The table answers in part only; nothing was decided on what it left out. Try again.",
    { details: { unread: count } },
  );
}
