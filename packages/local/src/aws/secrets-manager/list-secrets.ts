import { z } from "zod";
import { AwsError } from "../server/aws-error.ts";
import { jsonOperation } from "../server/json-operation.ts";
import { pageOf } from "../server/page.ts";
import { summary } from "./read-secret.ts";
import { mostTags, secretId, tags } from "./secret.input.ts";
import type { SecretStore } from "./secret.store.ts";
import { type Secret, stagesByVersion } from "./secret.ts";
import { distinct, notDeleted } from "./write-secret.ts";

/** ListSecrets, TagResource and UntagResource. */
export function listOperations(store: SecretStore) {
  const list = z.strictObject({
    MaxResults: z.int().min(1).max(100).default(100),
    NextToken: z.string().min(1).max(4096).optional(),
    IncludePlannedDeletion: z.boolean().default(false),
    SortOrder: z.enum(["asc", "desc"]).default("desc"),
    Filters: z
      .array(
        z.strictObject({
          Key: z.enum(["name", "description", "tag-key", "tag-value", "all"]),
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

    TagResource: jsonOperation(z.strictObject({ SecretId: secretId, Tags: tags }), (input) => {
      const secret = notDeleted(store.get(input.SecretId));
      const all = distinct([...secret.tags, ...input.Tags]);
      if (all.length > mostTags) throw new AwsError("InvalidParameterException", `At most ${mostTags} tags.`);
      store.put({ ...secret, tags: all });
    }),

    UntagResource: jsonOperation(
      z.strictObject({ SecretId: secretId, TagKeys: z.array(z.string().min(1).max(128)).max(50) }),
      (input) => {
        const secret = notDeleted(store.get(input.SecretId));
        store.put({ ...secret, tags: secret.tags.filter((tag) => !input.TagKeys.includes(tag.Key)) });
      },
    ),
  };
}

/** A filter matches when any of its values is a prefix; `!` turns a value round. */
function isMatch(secret: Secret, filter: { Key: string; Values: string[] }): boolean {
  const texts = textsOf(secret, filter.Key);
  const insensitive = filter.Key === "description" || filter.Key === "all";
  return filter.Values.some((given) => {
    const turned = given.startsWith("!");
    const prefix = turned ? given.slice(1) : given;
    const found = texts.some((text) =>
      insensitive ? text.toLowerCase().startsWith(prefix.toLowerCase()) : text.startsWith(prefix),
    );
    return found !== turned;
  });
}

function textsOf(secret: Secret, key: string): string[] {
  const keys = secret.tags.map((tag) => tag.Key);
  const values = secret.tags.map((tag) => tag.Value);
  const words = (secret.description ?? "").split(/\s+/);
  switch (key) {
    case "name":
      return [secret.name];
    case "description":
      return words;
    case "tag-key":
      return keys;
    case "tag-value":
      return values;
    default:
      return [secret.name, ...words, ...keys, ...values];
  }
}
