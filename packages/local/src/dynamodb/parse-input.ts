import type { z } from "zod";
import { validationFailure } from "./failure.ts";

/** Parses the input of an operation that the engine does not know. Throws a ValidationException. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(
    (issue) => `at '${issue.path.join(".")}' failed to satisfy constraint: ${issue.message}`,
  );
  throw validationFailure(
    `${issues.length} validation error${issues.length > 1 ? "s" : ""} detected: ${issues.join("; ")}`,
  );
}
