import { createHash, timingSafeEqual } from "node:crypto";
import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DomainError } from "@daypass/core/kernel/errors.ts";

/** The secret that CloudFront puts on every request to us: read once, and again when a request does not know it, at
 * most every half minute. While it is being changed the secret holds both values, apart by a space. */
export function originSecretIn(
  client: SecretsManagerClient,
  secretName: string,
  nowMs: () => number = Date.now,
): { isKnown(sent: string | undefined): Promise<boolean> } {
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<Buffer[]> | undefined;
  const read = () => {
    readAtMs = nowMs();
    reading = valuesOf(client, secretName).catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    return reading;
  };
  return {
    async isKnown(sent) {
      const digest = digestOf(sent ?? "");
      const isIn = (values: Buffer[]) => values.filter((value) => timingSafeEqual(value, digest)).length > 0;
      if (isIn(await (reading ?? read()))) return true;
      return nowMs() - readAtMs >= rereadAfterMs && isIn(await read());
    },
  };
}

const rereadAfterMs = 30_000;
const leastCharacters = 32;

async function valuesOf(client: SecretsManagerClient, secretName: string): Promise<Buffer[]> {
  const { SecretString: text = "" } = await client
    .send(new GetSecretValueCommand({ SecretId: secretName }))
    .catch((cause: unknown) => unreadable(cause));
  const values = text.split(/\s+/).filter((value) => value !== "");
  // A guessable value would let anybody choose the address they come from.
  if (values.length === 0 || values.some((value) => value.length < leastCharacters)) return unreadable();
  return values.map(digestOf);
}

/** Of one length, so that they can be compared in constant time. */
function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function unreadable(cause?: unknown): never {
  const message = "The secret that the front door shows cannot be read; tell an administrator.";
  throw new DomainError("unavailable", "front-door.secret", message, { cause });
}
