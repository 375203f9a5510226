import { generateKeyPair, randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";

/** What the provider must remember so that a restart invalidates neither tokens nor the application's secret. */
export type ProviderKeys = z.infer<typeof providerKeys>;

/** Reads the keys from `keys.json` in the folder, or makes them; the file is readable by its owner alone. */
export async function loadKeys(folder: string): Promise<ProviderKeys> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "keys.json");
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text !== undefined) return providerKeys.parse(JSON.parse(text));

  const keys = await makeKeys();
  // Renamed into place: a start that is killed here leaves no half-written file behind.
  await writeFile(`${path}.new`, JSON.stringify(keys), { mode: 0o600 });
  await rename(`${path}.new`, path);
  return keys;
}

const providerKeys = z.strictObject({
  clientSecret: z.string().min(32),
  cookieKey: z.string().min(32),
  signingKey: z.strictObject({
    kty: z.literal("RSA"),
    kid: z.string(),
    use: z.literal("sig"),
    alg: z.literal("RS256"),
    n: z.string(),
    e: z.string(),
    d: z.string(),
    p: z.string(),
    q: z.string(),
    dp: z.string(),
    dq: z.string(),
    qi: z.string(),
  }),
});

async function makeKeys(): Promise<ProviderKeys> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  return providerKeys.parse({
    clientSecret: randomBytes(32).toString("base64url"),
    cookieKey: randomBytes(32).toString("base64url"),
    signingKey: {
      ...privateKey.export({ format: "jwk" }),
      kid: randomBytes(8).toString("hex"),
      use: "sig",
      alg: "RS256",
    },
  });
}
