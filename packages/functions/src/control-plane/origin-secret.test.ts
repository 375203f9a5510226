import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect, test } from "vitest";
import { originSecretIn } from "./origin-secret.ts";

const [first, second] = ["a".repeat(32), "b".repeat(40)];

/** Secrets Manager with one secret whose value can be changed. */
function vault(value: string) {
  const state = { value, reads: 0, nowMs: 0, isAway: false };
  const send = async () => {
    state.reads += 1;
    if (state.isAway) throw new Error("hunter2 is away");
    return { SecretString: state.value };
  };
  const client = { send } as unknown as SecretsManagerClient;
  return { state, front: originSecretIn(client, "daypass/origin", () => state.nowMs) };
}

test("the value is known, others are not, and it is read once", async () => {
  const { state, front } = vault(first);
  expect(await front.isKnown(first)).toBe(true);
  for (const sent of [undefined, "", "a", first.slice(1), `${first} `, second]) {
    expect(await front.isKnown(sent)).toBe(false);
  }
  expect(state.reads).toBe(1);
});

test("while it is being changed both are known, and a new one is learnt without a deployment", async () => {
  const { state, front } = vault(`${first} ${second}`);
  expect([await front.isKnown(first), await front.isKnown(second)]).toEqual([true, true]);
  const third = "c".repeat(32);
  state.value = third;
  expect(await front.isKnown(third)).toBe(false);
  state.nowMs = 30_000;
  expect([await front.isKnown(third), await front.isKnown(first)]).toEqual([true, false]);
});

test("guessing makes no more than one read in half a minute", async () => {
  const { state, front } = vault(first);
  for (let second = 0; second < 300; second += 1) {
    state.nowMs = second * 100;
    await front.isKnown(`guess ${second}`);
  }
  expect(state.reads).toBe(1);
});

test.each(["", "  ", "short", `${first} short`])("a secret that holds %j lets nobody in", async (value) => {
  const { front } = vault(value);
  await expect(front.isKnown(value)).rejects.toMatchObject({ code: "front-door.secret" });
});

test("one that cannot be read lets nobody in, and is tried again", async () => {
  const { state, front } = vault(first);
  state.isAway = true;
  await expect(front.isKnown(first)).rejects.toMatchObject({
    code: "front-door.secret",
    message: expect.not.stringContaining("hunter2") as string,
  });
  state.isAway = false;
  expect(await front.isKnown(first)).toBe(true);
});
