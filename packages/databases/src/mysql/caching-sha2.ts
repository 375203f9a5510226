import { createHash, randomInt } from "node:crypto";

/**
 * What caching_sha2_password keeps in place of a password: `$A$005$`, 20 characters of salt, and SHA-crypt (SHA-256,
 * 5,000 rounds) of the password. https://www.akkadia.org/drepper/SHA-crypt.txt, which allows 16 characters of salt;
 * MySQL takes 20.
 */
export function cachingSha2Hash(password: string, salt: string = newSalt()): Buffer {
  return Buffer.from(`$A$005$${salt}${sha256Crypt(password, salt, 5_000)}`, "latin1");
}

/** The last part of a `$5$` string. The numbers are the steps of the specification. */
export function sha256Crypt(password: string, salt: string, rounds: number): string {
  const key = Buffer.from(password, "utf8");
  const saltBytes = Buffer.from(salt, "latin1");
  // 4–8
  const alternate = sha256(key, saltBytes, key);
  // 1–3, 9–12
  const parts: Buffer[] = [key, saltBytes, repeated(alternate, key.length)];
  for (let count = key.length; count > 0; count >>= 1) parts.push((count & 1) === 1 ? alternate : key);
  let digest = sha256(...parts);
  // 13–16
  const keySequence = repeated(sha256(...Array.from({ length: key.length }, () => key)), key.length);
  // 17–20
  const saltSequence = repeated(
    sha256(...Array.from({ length: 16 + (digest[0] ?? 0) }, () => saltBytes)),
    saltBytes.length,
  );
  // 21
  for (let round = 0; round < rounds; round += 1) {
    digest = sha256(
      round % 2 === 1 ? keySequence : digest,
      round % 3 === 0 ? nothing : saltSequence,
      round % 7 === 0 ? nothing : keySequence,
      round % 2 === 1 ? digest : keySequence,
    );
  }
  return encoded(digest);
}

const nothing = Buffer.alloc(0);
const alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function newSalt(): string {
  return Array.from({ length: 20 }, () => alphabet[randomInt(alphabet.length)]).join("");
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function repeated(block: Buffer, length: number): Buffer {
  return Buffer.alloc(length, length === 0 ? nothing : block);
}

/** 22: groups of three bytes in an order of their own, six bits a character, the lowest first. */
function encoded(digest: Buffer): string {
  let text = "";
  for (let group = 0; group < 10; group += 1) {
    const places = [0, 10, 20].map((offset) => ((offset + group * 21) % 30) as number);
    text += characters(
      places.map((place) => digest[place] ?? 0),
      4,
    );
  }
  return text + characters([0, digest[31] ?? 0, digest[30] ?? 0], 3);
}

function characters([high = 0, middle = 0, low = 0]: readonly number[], count: number): string {
  const bits = (high << 16) | (middle << 8) | low;
  return Array.from({ length: count }, (_, place) => alphabet[(bits >> (6 * place)) & 63]).join("");
}
