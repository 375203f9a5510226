import { Entity } from "electrodb";
import type { UserRef } from "../identity/user.view.ts";
import type { Instant } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { conflict, type DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { deleting, entity, key, putting, type Write } from "../kernel/table.ts";
import type { Policy, PolicyDocument } from "./policy.ts";
import type { PolicyView } from "./policy.view.ts";
import { type TargetNames, unmatchedTargets, withNames } from "./target-names.ts";

type Reads = Pick<Context, "table">;
const kind = "policy";

/** A policy as it is kept, with who wrote it last. */
export type StoredPolicy = Policy & { id: Id<"policy">; updatedAt: Instant; updatedBy: UserRef | null };

/** `Policy` tells allow from deny by its document, which TypeScript cannot follow for a document of either kind. */
export function storedPolicy(
  policy: Omit<StoredPolicy, "document"> & { document: PolicyDocument },
): StoredPolicy {
  return policy as StoredPolicy;
}

const policies = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "policy", version: "1", service: "daypass" },
        attributes: {
          kind: { type: "string", required: true },
          id: { type: "string", required: true },
          version: { type: "number", required: true },
          policy: { type: "any", required: true },
        },
        indexes: { byId: { pk: key("pk", ["kind"]), sk: key("sk", ["id"]) } },
      },
      options,
    ),
);

/** All of them, oldest first, strongly consistent: what was just forbidden is not allowed a moment longer. */
export async function listPolicies(ctx: Reads): Promise<StoredPolicy[]> {
  const { data } = await policies(ctx).query.byId({ kind }).go({ consistent: true, pages: "all" });
  return data.map((row) => row.policy as StoredPolicy);
}

export async function findPolicy(ctx: Reads, id: Id<"policy">): Promise<StoredPolicy | undefined> {
  const { data } = await policies(ctx).get({ kind, id }).go({ consistent: true });
  return data?.policy as StoredPolicy | undefined;
}

export function creatingPolicy(ctx: Reads, policy: StoredPolicy): Write {
  return putting(policies(ctx).create(rowOf(policy)).params(), policyChanged);
}

/** Replaces the record if nobody changed it since it was read. */
export function savingPolicy(ctx: Reads, next: StoredPolicy): Write {
  const params = policies(ctx)
    .put(rowOf(next))
    .where(({ version }, { eq }) => eq(version, next.version - 1))
    .params();
  return putting(params, policyChanged);
}

export function deletingPolicy(ctx: Reads, { id, version: expected }: StoredPolicy): Write {
  const params = policies(ctx)
    .delete({ kind, id })
    .where(({ version }, { eq }) => eq(version, expected))
    .params();
  return deleting(params, policyChanged);
}

export function policyChanged(): DomainError {
  return conflict("policy.changed", "The policy changed in the meantime; look at it again.");
}

export function viewOfPolicy(
  { id, version, updatedAt, updatedBy, document }: StoredPolicy,
  names: TargetNames,
  stuck: PolicyView["stuck"],
): PolicyView {
  const unmatched = unmatchedTargets(document, names);
  return { id, version, updatedAt, updatedBy, policy: withNames(document, names), unmatched, stuck };
}

function rowOf(policy: StoredPolicy) {
  return { kind, id: policy.id, version: policy.version, policy };
}
