import { expect, test } from "vitest";
import { scramVerifier } from "./scram.ts";

test("a verifier has the form of RFC 5803 and the keys of RFC 5802 for this password and salt", async () => {
  const salt = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");
  expect(await scramVerifier("correct-horse-battery", salt)).toBe(
    "SCRAM-SHA-256$4096:AAECAwQFBgcICQoLDA0ODw==$eYkIrwlo2T0d6Ca9d6/xzsgUUbZwOdz0/X0v8MioG9w=:TNz7/wgi5sczC08YCovXDhkXvBBmBt7YYvSKSkQAFg8=",
  );
});

test("two verifiers of one password share nothing", async () => {
  expect(await scramVerifier("correct-horse-battery")).not.toBe(await scramVerifier("correct-horse-battery"));
});

test("a password that SASLprep could change, or a short one, is refused without being shown", async () => {
  for (const password of [
    "fifteen-chars-x",
    "café-au-lait-every-day",
    "with a space inside it",
    "soft\u00adhyphen-inside-it",
  ]) {
    await expect(scramVerifier(password)).rejects.toMatchObject({ kind: "invalid" });
    await expect(scramVerifier(password)).rejects.not.toThrow(password);
  }
});
