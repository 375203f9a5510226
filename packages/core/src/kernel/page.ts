import { z } from "zod";
import { type DomainError, invalid } from "./errors.ts";

/** One page of a list. `nextCursor` is null on the last one. */
export type Page<T> = { items: T[]; nextCursor: string | null };

export const pageInput = {
  cursor: z
    .string()
    .max(2048)
    .regex(/^[A-Za-z0-9_=-]+$/)
    .optional()
    .meta({ description: "nextCursor of the page before" }),
  limit: z.coerce.number().int().min(1).max(100).default(50).meta({ description: "Rows in the page" }),
};

export function pageOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** Runs a query with a cursor that a client sent; one that does not belong to this list is bad input, not a fault. */
export async function withCursor<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    if (isBadCursor(error)) throw badCursor();
    throw error;
  }
}

export function badCursor(): DomainError {
  return invalid("page.cursor", "This cursor does not belong to this list.");
}

function isBadCursor(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const text = [error, error.cause]
    .map((one) => (one instanceof Error ? `${one.name} ${one.message}` : ""))
    .join(" ");
  return /ExclusiveStartKey|exclusive start key|starting key|[Ii]nvalid cursor|provided cursor|Unable to parse cursor|cannot be restarted/.test(
    text,
  );
}
