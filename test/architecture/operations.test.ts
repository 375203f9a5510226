import { globSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { authorize } from "../../packages/core/src/kernel/authorize.ts";
import type { Actor, Role, UserActor } from "../../packages/core/src/kernel/context.ts";
import { DomainError } from "../../packages/core/src/kernel/errors.ts";
import type { Id } from "../../packages/core/src/kernel/ids.ts";
import {
  type OperationName,
  operationNames,
  permissionFor,
  tokenScopes,
} from "../../packages/core/src/kernel/permission.ts";

const sources = globSync("packages/core/src/**/*.ts").filter((file) => !file.endsWith(".test.ts"));
const tests = globSync(["packages/core/src/**/*.test.ts", "test/**/*.test.ts"]).map((file) =>
  readFileSync(file, "utf8"),
);
const operations = await findOperations();

describe("operations", () => {
  test("every permission has its operation, and no operation is there twice", () => {
    const names = operations.map(({ name }) => name).toSorted();
    expect(names).toEqual([...new Set(names)]);
    expect(operationNames.filter((name) => !names.includes(name))).toEqual([]);
  });

  test("every operation is called by a test", () => {
    const untested = operations.filter(
      ({ exported }) => !tests.some((text) => new RegExp(`\\b${exported}\\(`).test(text)),
    );
    expect(untested.map(({ exported, file }) => `${exported} (${file})`)).toEqual([]);
  });

  test("the table is written through the funnel alone", () => {
    const direct =
      /\b(TransactWriteCommand|PutCommand|UpdateCommand|DeleteCommand|BatchWriteCommand|commitAll)\b|\.(put|create|update|patch|upsert|delete|remove)\([^)]*\)[\s\S]{0,200}?\.go\(/;
    const found = sources.filter((file) => direct.test(readFileSync(file, "utf8")));
    expect(found.filter((file) => !writesOutsideTheFunnel.includes(file))).toEqual([]);
  });
});

/** Each with its reason. Nothing here moves a request or a grant, gives a right, or shows data. */
const writesOutsideTheFunnel = [
  "packages/core/src/kernel/table.ts", // the commit itself
  "packages/core/src/kernel/operation.ts", // calls it
  "packages/core/src/kernel/denial.ts", // an event and nothing else
  "packages/core/src/kernel/rate-limit.store.ts", // counters, before anybody is known
  "packages/core/src/identity/pending-sign-in.store.ts", // a sign-in on its way, used once
  "packages/core/src/identity/authenticate.ts", // when a session or token was last seen
  "packages/core/src/grant/sweep.store.ts", // the sweeper's sign of life
  "packages/core/src/notification/sent.store.ts", // which mails went out
  "packages/core/src/grant/access-end.store.ts", // an order to end access that has nothing left to end
  "packages/core/src/grant/slot.store.ts", // who is working with a server right now; decides nothing about access
  "packages/core/src/catalog/schema.store.ts", // parts of a snapshot, before the event that points at them
  "packages/core/src/catalog/delete-instance.ts", // tidies what the deletion left unreachable
];

describe("who may do what", () => {
  const people = {
    anonymous: { kind: "anonymous" },
    "a member": user("member"),
    "the owner": user("owner"),
    "an approver": user("approver"),
    "an administrator": user("administrator", ["administrator", "member"]),
    "an auditor": user("auditor", ["auditor", "member"]),
    workflow: { kind: "system", name: "workflow" },
    sweeper: { kind: "system", name: "sweeper" },
    setup: { kind: "system", name: "setup" },
  } satisfies Record<string, Actor>;

  test("is this table, and a change of it is a change of this file", async () => {
    const lines = operationNames.map((name) => {
      const cells = Object.entries(people).map(([who, actor]) => `${who}: ${decisionFor(name, who, actor)}`);
      cells.push(`with a token: ${scopesFor(name).join(", ") || "no"}`);
      return `${name}\n${cells.map((cell) => `    ${cell}`).join("\n")}`;
    });
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("operations.txt");
  });

  test("nobody reviews their own request, also not as administrator", () => {
    const facts = { ownerId: id("administrator"), reviewer: true, participant: true };
    expect(() => authorize("request.review", people["an administrator"], facts)).toThrowError(DomainError);
  });

  test("a token without scopes may do nothing that has a permission for members", () => {
    const token: UserActor = {
      ...user("owner"),
      scopes: [],
      via: { kind: "token", id: "tok_0" as Id<"token"> },
    };
    const facts = { ownerId: token.id, reviewer: true, participant: true };
    for (const name of operationNames.filter((one) => !permissionFor(one).allow.includes("anonymous"))) {
      expect(() => authorize(name, token, facts), name).toThrowError(DomainError);
    }
  });

  /** The scopes of which one alone is enough, for somebody who may. */
  function scopesFor(name: OperationName): string[] {
    const via = { kind: "token", id: "tok_0" as Id<"token"> } as const;
    return tokenScopes.filter((scope) =>
      Object.entries(people).some(([who, actor]: [string, Actor]) => {
        if (actor.kind !== "user") return false;
        return decisionFor(name, who, { ...actor, scopes: [scope], via }) === "yes";
      }),
    );
  }

  function decisionFor(name: OperationName, who: string, actor: Actor): string {
    const facts = {
      ownerId: id("owner"),
      reviewer: who === "an approver",
      participant: who === "an approver",
    };
    try {
      authorize(name, actor, facts);
      return "yes";
    } catch (error) {
      return error instanceof DomainError ? error.kind : String(error);
    }
  }
});

async function findOperations(): Promise<{ name: OperationName; exported: string; file: string }[]> {
  const found = await Promise.all(
    sources.map(async (file) => {
      const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
      return Object.entries(module).flatMap(([exported, value]) =>
        typeof value === "function" && "operation" in value
          ? [{ name: value.operation as OperationName, exported, file }]
          : [],
      );
    }),
  );
  return found.flat();
}

function id(name: string): Id<"user"> {
  return `usr_${name}` as Id<"user">;
}

function user(name: string, roles: Role[] = ["member"]): UserActor {
  return {
    kind: "user",
    id: id(name),
    name,
    email: `${name}@example.com`,
    groups: [],
    roles,
    scopes: [],
    via: { kind: "session", idHash: "0" },
  };
}
