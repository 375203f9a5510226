import { Entity } from "electrodb";
import type { Instant } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { conflict, DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { type Page, withCursor } from "../kernel/page.ts";
import { readBatch } from "../kernel/read-batch.ts";
import { entity, key, putting, updating, type Write } from "../kernel/table.ts";
import type { User } from "./user.ts";

type Reads = Pick<Context, "table">;

/** Indexes: all by name · all by mail address. */
const users = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "user", version: "1", service: "daypass" },
        attributes: {
          id: { type: "string", required: true },
          version: { type: "number", required: true },
          /** Beside the record, since every request may move it. */
          lastSeenAt: { type: "string", required: true },
          user: { type: "any", required: true },
          all: { type: "string", required: true },
          sortName: { type: "string", required: true },
          sortEmail: { type: "string", required: true },
        },
        indexes: {
          byId: { pk: key("pk", ["id"]), sk: key("sk", []) },
          byName: { index: "gsi1", pk: key("gsi1pk", ["all"]), sk: key("gsi1sk", ["sortName", "id"]) },
          byEmail: { index: "gsi2", pk: key("gsi2pk", ["all"]), sk: key("gsi2sk", ["sortEmail", "id"]) },
        },
      },
      options,
    ),
);

/** Makes (issuer, subject) unique, and finds the user by it without the lag of an index. */
const subjects = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "subject", version: "1", service: "daypass" },
        attributes: {
          issuer: { type: "string", required: true },
          subject: { type: "string", required: true },
          userId: { type: "string", required: true },
        },
        indexes: { bySubject: { pk: key("pk", ["issuer"]), sk: key("sk", ["subject"]) } },
      },
      options,
    ),
);

export async function findUser(ctx: Reads, id: Id<"user">): Promise<User | undefined> {
  const { data } = await users(ctx).get({ id }).go({ consistent: true });
  return data ? userOf(data) : undefined;
}

/** Many at once, in any order; missing ones are left out. */
export async function findUsers(
  ctx: Pick<Context, "table" | "clock">,
  ids: readonly Id<"user">[],
): Promise<Map<Id<"user">, User>> {
  const reads = ids.map((id) => users(ctx).get({ id }).params());
  const rows = await readBatch(ctx, reads, { consistent: false });
  return new Map(rows.map((row) => [row["id"] as Id<"user">, userOf(row as Row)]));
}

export async function findUserBySubject(
  ctx: Reads,
  issuer: string,
  subject: string,
): Promise<User | undefined> {
  const { data } = await subjects(ctx).get({ issuer, subject }).go({ consistent: true });
  return data ? findUser(ctx, data.userId as Id<"user">) : undefined;
}

type Slice = { cursor?: string | undefined; limit: number };

/** By name; with `q` those whose name begins with it, then those whose mail address does. Case does not matter. */
export function listUsers(
  ctx: Reads,
  { q, cursor, limit }: Slice & { q?: string | undefined },
): Promise<Page<User>> {
  return withCursor(async () => {
    const prefix = sortable(q ?? "");
    const phase = cursor?.startsWith(emailPhase) ? emailPhase : namePhase;
    const options = { cursor: cursor?.slice(phase.length) || null, limit };
    if (phase === namePhase) {
      const rows = await users(ctx).query.byName({ all: "all" }).begins({ sortName: prefix }).go(options);
      const next = rows.cursor ? `${namePhase}${rows.cursor}` : prefix === "" ? null : emailPhase;
      return { items: rows.data.map(userOf), nextCursor: next };
    }
    const rows = await users(ctx).query.byEmail({ all: "all" }).begins({ sortEmail: prefix }).go(options);
    // Who was found by name was listed before.
    const fresh = rows.data.filter((row) => !row.sortName.startsWith(prefix));
    return { items: fresh.map(userOf), nextCursor: rows.cursor ? `${emailPhase}${rows.cursor}` : null };
  });
}
const namePhase = "name_";
const emailPhase = "mail_";

/** The person's record and the claim on their subject. */
export function creatingUser(ctx: Reads, user: User): Write[] {
  const claim = { issuer: user.issuer, subject: user.subject, userId: user.id };
  return [
    putting(users(ctx).create(rowOf(user)).params(), changedMeanwhile),
    putting(subjects(ctx).create(claim).params(), changedMeanwhile),
  ];
}

/** Replaces the record if nobody changed it since it was read. */
export function savingUser(ctx: Reads, next: User): Write {
  const params = users(ctx)
    .put(rowOf(next))
    .where(({ version }, { eq }) => eq(version, next.version - 1))
    .params();
  return putting(params, changedMeanwhile);
}

export function seeingUser(ctx: Reads, id: Id<"user">, now: Instant): Write {
  const params = users(ctx).patch({ id }).set({ lastSeenAt: now }).params();
  return updating(params, () => new DomainError("unauthenticated", "session.ended", "Sign in again."));
}

function changedMeanwhile(): DomainError {
  return conflict("user.changed", "The user changed in the meantime; look at it again.");
}

type Row = { user?: unknown; lastSeenAt: string };

function userOf(row: Row): User {
  return { ...(row.user as User), lastSeenAt: row.lastSeenAt as Instant };
}

function rowOf(user: User) {
  return {
    id: user.id,
    version: user.version,
    lastSeenAt: user.lastSeenAt,
    user,
    all: "all",
    sortName: sortable(user.name),
    sortEmail: sortable(user.email),
  };
}

function sortable(text: string): string {
  return text.trim().normalize("NFKC").toLowerCase().slice(0, 200);
}
