import type { Strike } from "./faults.ts";
import type { Operation } from "./operations.ts";

type KeysOfTable = { Keys: unknown[] };

/** Runs an operation so that it answers with a part of what was asked for, as the service may at any time: keys of a
 * batch are left unread, a page ends early. Says so in the answer as the service does. */
export async function answerInPart(
  operation: Operation,
  input: Record<string, unknown>,
  { leavesUnread, pageItems }: Pick<Strike, "leavesUnread" | "pageItems">,
): Promise<object> {
  if (pageItems !== Number.POSITIVE_INFINITY) {
    const { Limit } = input;
    return operation({ ...input, Limit: Math.min(typeof Limit === "number" ? Limit : pageItems, pageItems) });
  }
  if (!isBatchRead(input)) return operation(input);
  const read: Record<string, KeysOfTable> = {};
  const unread: Record<string, KeysOfTable> = {};
  for (const [table, { Keys, ...rest }] of Object.entries(input.RequestItems)) {
    const [left, kept]: unknown[][] = [[], []];
    for (const key of Keys) (leavesUnread() ? left : kept)?.push(key);
    if (left && left.length > 0) unread[table] = { ...rest, Keys: left };
    if (kept && kept.length > 0) read[table] = { ...rest, Keys: kept };
  }
  if (Object.keys(unread).length === 0) return operation(input);
  const tables = Object.keys(input.RequestItems);
  const nothing = { Responses: Object.fromEntries(tables.map((table) => [table, []])) };
  const answer = Object.keys(read).length === 0 ? nothing : await operation({ ...input, RequestItems: read });
  return { ...answer, UnprocessedKeys: unread };
}

function isBatchRead(input: object): input is { RequestItems: Record<string, KeysOfTable> } {
  if (!("RequestItems" in input) || typeof input.RequestItems !== "object" || input.RequestItems === null) {
    return false;
  }
  return Object.values(input.RequestItems).every(
    (asked: unknown) =>
      typeof asked === "object" && asked !== null && "Keys" in asked && Array.isArray(asked.Keys),
  );
}
