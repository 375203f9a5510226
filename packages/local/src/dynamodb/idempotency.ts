import { createHash } from "node:crypto";
import { canonical } from "./canonical.ts";
import type { Database } from "./database.ts";
import type { Draft } from "./draft.ts";
import { AwsFailure } from "./failure.ts";
import { keys, padded } from "./keys.ts";

type Remembered = { at: number; fingerprint: string };

const LIFE_MS = 10 * 60 * 1000;

/**
 * Whether this very request was committed under the token within the last ten minutes. If not, the token
 * lands with the draft, so that a repeat after a crash is known as one. Throws when the token came with
 * another request.
 */
export function isRepeat(database: Database, draft: Draft, token: string, fingerprint: string): boolean {
  const at = database.clock();
  const before = draft.get(keys.token(token)) as Remembered | undefined;
  if (before !== undefined && at - before.at < LIFE_MS) {
    if (before.fingerprint === fingerprint) return true;
    throw new AwsFailure(
      "IdempotentParameterMismatchException",
      "The request uses the same client token as a previous request, but its parameters are not the same.",
    );
  }
  draft.put(keys.token(token), { at, fingerprint } satisfies Remembered);
  draft.put(`${keys.tokenAges}${padded(at, 15)}~${token}`, token);
  return false;
}

/** Tells one request from another, whatever the order of its keys. */
export function fingerprintOf(request: unknown): string {
  return createHash("sha256").update(canonical(request)).digest("base64");
}

/** Forgets tokens that are more than ten minutes old. */
export async function trimTokens(database: Database): Promise<void> {
  const oldest = Math.max(0, database.clock() - LIFE_MS);
  const range = { gt: keys.tokenAges, lt: keys.tokenAges + padded(oldest, 15), limit: 10_000 };
  await database.write(async (draft) => {
    for await (const [age, token] of draft.entries(range)) {
      draft.del(age);
      const remembered = draft.get(keys.token(String(token))) as Remembered | undefined;
      if (remembered !== undefined && remembered.at < oldest) draft.del(keys.token(String(token)));
    }
  });
}
