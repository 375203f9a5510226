import type { RequestView } from "../../lib/api.ts";

const statuses: readonly RequestView["status"][] = ["approved", "rejected", "cancelled", "lapsed"];

/** Who decided, and what, out of the details of the conflict. The name may be missing: a lapse has nobody. */
export function overtakenBy(details: Readonly<Record<string, unknown>>): {
  by: string | null;
  status: RequestView["status"];
} {
  const { decidedBy, status } = details;
  const name =
    typeof decidedBy === "string"
      ? decidedBy
      : typeof decidedBy === "object" && decidedBy !== null && "name" in decidedBy
        ? decidedBy.name
        : null;
  return {
    by: typeof name === "string" ? name : null,
    status: statuses.find((each) => each === status) ?? "approved",
  };
}
