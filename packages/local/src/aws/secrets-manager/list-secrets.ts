import { z } from "zod";
import { jsonOperation } from "../server/json-operation.ts";
import { pageOf } from "../server/page.ts";
import { summary } from "./read-secret.ts";
import type { SecretStore } from "./secret.store.ts";
import { type Secret, stagesByVersion } from "./secret.ts";

/** ListSecrets, with filters by the beginning of names. */
export function listOperations(store: SecretStore) {
  const list = z.strictObject({
    MaxResults: z.int().min(1).max(100).default(100),
    NextToken: z.string().min(1).max(4096).optional(),
    IncludePlannedDeletion: z.boolean().default(false),
    SortOrder: z.enum(["asc", "desc"]).default("desc"),
    Filters: z
      .array(
        z.strictObject({
          Key: z.literal("name"),
          Values: z
            .array(z.string().regex(/^!?[a-zA-Z0-9 :_@/+=.-]{1,512}$/))
            .min(1)
            .max(10),
        }),
      )
      .max(10)
      .default([]),
  });

  return {
    ListSecrets: jsonOperation(list, (input) => {
      const found = store
        .list()
        .filter((secret) => input.IncludePlannedDeletion || secret.deletion === undefined)
        .filter((secret) => input.Filters.every((filter) => isMatch(secret, filter)))
        .sort((a, b) => a.createdMs - b.createdMs || (a.name < b.name ? -1 : 1));
      if (input.SortOrder === "desc") found.reverse();
      const page = pageOf(
        found,
        (secret) => secret.name,
        input.MaxResults,
        input.NextToken,
        "InvalidNextTokenException",
      );
      return {
        SecretList: page.items.map((secret) => ({
          ...summary(secret),
          SecretVersionsToStages: stagesByVersion(secret),
        })),
        NextToken: page.next,
      };
    }),
  };
}

/** A filter matches when any of its values is a prefix; `!` turns a value round. */
function isMatch({ name }: Secret, filter: { Values: string[] }): boolean {
  return filter.Values.some((given) =>
    given.startsWith("!") ? !name.startsWith(given.slice(1)) : name.startsWith(given),
  );
}
