import { listUsers } from "../identity/user.store.ts";
import { policyUser, rolesOf, type User } from "../identity/user.ts";
import type { Context } from "../kernel/context.ts";
import { isNamed } from "../policy/approval.ts";
import { currentStep } from "../request/approval-of.ts";
import type { AccessRequest } from "../request/request.ts";
import { isMailAddress } from "./mail.ts";

type Reads = Pick<Context, "table" | "settings">;

/** Who can be written to. */
export function isReachable(user: User): boolean {
  return user.suspendedAt === undefined && isMailAddress(user.email);
}

/** Known people who may vote in the current step and have not yet; never the requester. */
export async function approversOf(ctx: Reads, request: AccessRequest): Promise<User[]> {
  const step = currentStep(request);
  if (!step) return [];
  const people = await listPeople(ctx);
  return people.filter(
    (user) =>
      user.id !== request.requester.id &&
      !request.reviews.some((review) => review.reviewer.id === user.id) &&
      isNamed(step, policyUser(user)),
  );
}

export async function administrators(ctx: Reads): Promise<User[]> {
  const people = await listPeople(ctx);
  return people.filter((user) => rolesOf(user.groups, ctx.settings.roleGroups).includes("administrator"));
}

/** Groups are what the provider said at each sign-in, so whoever never signed in is in none. This reads all people,
 * which happens beside the requests that people wait for, and not more often than requests are filed. */
async function listPeople(ctx: Reads): Promise<User[]> {
  const people: User[] = [];
  let cursor: string | undefined;
  do {
    const page = await listUsers(ctx, { cursor, limit: 100 });
    people.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return people.filter(isReachable);
}
