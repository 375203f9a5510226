import type { z } from "zod";
import { AwsError } from "./aws-error.ts";

/** One operation of a JSON service: takes the parsed body of the request, gives the body of the answer. */
export type JsonOperation = (input: unknown) => unknown;

/**
 * Joins a strict schema and the work. A member that the schema does not know is refused by name: what would be
 * ignored here would do something on AWS. `invalidCode` is the service's name for bad input.
 */
export function jsonOperation<S extends z.ZodType>(
  schema: S,
  run: (input: z.output<S>) => unknown,
  invalidCode = "ValidationException",
): JsonOperation {
  return (input) => {
    const parsed = schema.safeParse(input);
    if (!parsed.success) throw new AwsError(invalidCode, explain(parsed.error));
    return run(parsed.data);
  };
}

/** Names the members and what is wrong with them; never their values. */
function explain(error: z.ZodError): string {
  const faults = error.issues.map((issue) => {
    const where = issue.path.map(String).join(".") || "the request";
    if (issue.code === "unrecognized_keys") {
      return `${issue.keys.join(", ")} in ${where} is not supported on one machine`;
    }
    return `Value at '${where}' failed to satisfy constraint: ${issue.message}`;
  });
  return `${faults.length} validation error${faults.length === 1 ? "" : "s"} detected: ${faults.join("; ")}`;
}
