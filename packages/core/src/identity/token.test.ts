import { expect, test } from "vitest";
import { instantOf, plusMinutes, plusMs } from "../kernel/clock.ts";
import { idFrom } from "../kernel/ids.ts";
import { isGood, newBearer, parseBearer, type Token, viewOfToken } from "./token.ts";

const id = idFrom("token", "01JD8Z5K3QW8R4T6Y2X9V7B1CN");
const now = instantOf(Date.UTC(2026, 0, 2));
const { bearer, secretHash } = newBearer(id);
const token: Token = {
  id,
  userId: idFrom("user", "01JD8Z5K3QW8R4T6Y2X9V7B1CN"),
  name: "ci",
  scopes: ["read"],
  secretHash,
  createdAt: now,
  expiresAt: plusMinutes(now, 1),
};

test("a bearer names its token and is good until the instant of its end", () => {
  const parsed = parseBearer(bearer);
  expect(parsed?.id).toBe(id);
  const secret = parsed?.secret ?? "";
  expect(isGood(token, secret, plusMs(token.expiresAt, -1))).toBe(true);
  expect(isGood(token, secret, token.expiresAt)).toBe(false);
  expect(isGood(token, `${secret.slice(1)}x`, now)).toBe(false);
  expect(isGood(token, secretHash, now)).toBe(false);
});

test("no two secrets are the same", () => {
  expect(newBearer(id).secretHash).not.toBe(secretHash);
});

test.for([
  "",
  "dpt_",
  bearer.slice(1),
  `${bearer}x`,
  bearer.slice(0, -1),
  bearer.toLowerCase(),
  ` ${bearer}`,
])("what is not shaped like a token is none: %s", (text) => expect(parseBearer(text)).toBeUndefined());

test("what is shown of a token has neither secret nor hash", () => {
  const shown = JSON.stringify(viewOfToken(token));
  expect(shown).not.toContain(secretHash);
  expect(shown).not.toContain(bearer.slice(-43));
});
