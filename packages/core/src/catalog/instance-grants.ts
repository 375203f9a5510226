import { conflict, type DomainError } from "../kernel/errors.ts";

export function hasGrants(liveGrantCount: number): DomainError {
  const count = `${liveGrantCount} ${liveGrantCount === 1 ? "grant is" : "grants are"}`;
  return conflict("instance.has-grants", `${count} not revoked yet on this instance; end them first.`, {
    liveGrantCount,
  });
}
