import { z } from "zod";

/** Every identifier is `prefix_ULID`; the prefix tells what it names. */
const prefixes = {
  user: "usr",
  token: "tok",
  environment: "env",
  network: "net",
  instance: "ins",
  database: "dbs",
  policy: "pol",
  request: "req",
  grant: "grt",
  review: "rev",
  event: "evt",
} as const;

export type IdKind = keyof typeof prefixes;
export type Id<K extends IdKind> = string & { readonly __id: K };

/** Source of fresh ULIDs (26 characters, sortable by time); injected so that tests are repeatable. */
export type Ids = { ulid(): string };

const ulidPattern = "[0-7][0-9A-HJKMNP-TV-Z]{25}";

export function newId<K extends IdKind>(kind: K, ids: Ids): Id<K> {
  return idFrom(kind, ids.ulid());
}

/** The identifier of this kind for a ULID that is already known: a grant shares the ULID of its request. */
export function idFrom<K extends IdKind>(kind: K, ulid: string): Id<K> {
  return `${prefixes[kind]}_${ulid}` as Id<K>;
}

export function ulidOf(id: Id<IdKind>): string {
  return id.slice(4);
}

/** Strict parser for one kind of identifier. */
export function idSchema<K extends IdKind>(kind: K) {
  return z
    .string()
    .regex(
      new RegExp(`^${prefixes[kind]}_${ulidPattern}$`),
      `must be an identifier such as ${prefixes[kind]}_01J…`,
    )
    .meta({
      description: `Identifier of one ${kind}`,
      example: `${prefixes[kind]}_01JD8Z5K3QW8R4T6Y2X9V7B1CN`,
    })
    .transform((text) => text as Id<K>);
}

export function isId<K extends IdKind>(kind: K, text: string): text is Id<K> {
  return new RegExp(`^${prefixes[kind]}_${ulidPattern}$`).test(text);
}
