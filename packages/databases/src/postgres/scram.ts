import { createHash, createHmac, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { EngineError } from "../engine.ts";

const iterations = 4096;
const derive = promisify(pbkdf2);

/**
 * The SCRAM-SHA-256 verifier that PostgreSQL stores (RFC 5803), made here so that the password never reaches the
 * server or its log. Only printable ASCII is accepted: on it SASLprep (RFC 4013) changes nothing, so every client
 * and the server agree on the bytes.
 */
export async function scramVerifier(password: string, salt: Buffer = randomBytes(16)): Promise<string> {
  if (!/^[\x21-\x7e]{16,256}$/.test(password)) {
    throw new EngineError("invalid", "the password must be 16 to 256 printable ASCII characters");
  }
  // RFC 5802 section 3: SaltedPassword, ClientKey, StoredKey, ServerKey.
  const salted = await derive(password, salt, iterations, 32, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  const storedKey = createHash("sha256").update(clientKey).digest("base64");
  const serverKey = createHmac("sha256", salted).update("Server Key").digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}
