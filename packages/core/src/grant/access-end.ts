import type { UserRef } from "../identity/user.view.ts";
import type { Instant } from "../kernel/clock.ts";
import { type Id, idSchema } from "../kernel/ids.ts";
import type { Grant } from "./grant.ts";
import { isHeld } from "./held.ts";

/** Whose access ends, or where. */
export type AccessEndSubject = Id<"user"> | Id<"instance">;

export const accessEndSubject = idSchema("user").or(idSchema("instance"));

/** Somebody pulled a kill switch: whatever was planned until then ends. An order that stands, whoever carries it out. */
export type AccessEnd = { subjectId: AccessEndSubject; at: Instant; reason: string; orderedBy: UserRef };

/** What came after the order is new access, and what is somebody else's or elsewhere was not meant. */
export function isMeant({ subjectId, at }: AccessEnd, grant: Grant): boolean {
  const isOfSubject = grant.holder.id === subjectId || grant.database.instance.id === subjectId;
  return isOfSubject && isHeld(grant) && grant.createdAt <= at;
}
