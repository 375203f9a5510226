import { z } from "zod";
import { type Catalog, loadCatalog, policyTargetOf } from "../catalog/catalog.store.ts";
import { inOrder } from "../catalog/database-order.ts";
import { findUsers } from "../identity/user.store.ts";
import { policyUser, type User } from "../identity/user.ts";
import { epochMs } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { type Id, isId } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { type MatrixSubject, matrix } from "./matrix.ts";
import { listPolicies, type StoredPolicy } from "./policy.store.ts";
import type { MatrixView } from "./policy.view.ts";

/** Everyone, and the groups and people that policies name, against the databases that are offered. */
export const readMatrix = operation({
  name: "policy.read-matrix",
  input: z.strictObject({}),
  load: async (ctx: Context) => {
    const [catalog, policies] = await Promise.all([loadCatalog(ctx), listPolicies(ctx)]);
    const named = policies.flatMap(({ document }) => document.who.users);
    const users = await findUsers(
      ctx,
      named.filter((id): id is Id<"user"> => isId("user", id)),
    );
    return { facts: { what: "policy" }, catalog, policies, users };
  },
  decide: (ctx, _input, { catalog, policies, users }) => ({
    result: matrixOf(catalog, policies, users, epochMs(ctx.clock.now())),
  }),
});

/** So that one answer stays small and quick. */
const databasesShown = 200;
const subjectsShown = 100;

type Row = { kind: "everyone" | "group" | "user"; name: string; subject: MatrixSubject };

function matrixOf(
  catalog: Catalog,
  policies: readonly StoredPolicy[],
  users: ReadonlyMap<Id<"user">, User>,
  at: number,
): MatrixView {
  const offered = [...catalog.databases.values()].filter((target) => target.offered).toSorted(inOrder);
  const rows = rowsOf(policies, users);
  const targets = offered.slice(0, databasesShown);
  const shown = rows.slice(0, subjectsShown);
  const cells = matrix(
    policies,
    shown.map((row) => row.subject),
    targets.map(policyTargetOf),
    at,
  );
  return {
    databases: targets.map((target) => target.ref),
    subjects: shown.map(({ kind, name }, index) => ({ kind, name, cells: [...(cells[index] ?? [])] })),
    truncated: offered.length > targets.length || rows.length > shown.length,
  };
}

/** "Everyone" is a person in no group whom no policy names. */
function rowsOf(policies: readonly StoredPolicy[], users: ReadonlyMap<Id<"user">, User>): Row[] {
  const groups = [...new Set(policies.flatMap(({ document }) => document.who.groups))].toSorted();
  const people = [...users.values()].toSorted((one, other) => one.name.localeCompare(other.name, "en"));
  const nobody = { id: "", groups: [], suspended: false };
  return [
    { kind: "everyone", name: "everyone", subject: { kind: "user", user: nobody } },
    ...groups.map((group): Row => ({ kind: "group", name: group, subject: { kind: "group", group } })),
    ...people.map(
      (user): Row => ({ kind: "user", name: user.name, subject: { kind: "user", user: policyUser(user) } }),
    ),
  ];
}
