import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The access key of this machine's AWS: made once a folder, readable by its owner alone. Other users of the machine
 * can reach the port and do not know the key.
 */
export function accessKeyOf(folder: string | undefined): string {
  const path = folder === undefined ? undefined : join(folder, "access-key");
  if (path !== undefined && existsSync(path)) {
    const known = readFileSync(path, "utf8").trim();
    if (/^LOCAL[A-Z2-7]{24}$/.test(known)) return known;
  }
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const made = `LOCAL${[...randomBytes(24)].map((byte) => alphabet[byte % 32]).join("")}`;
  if (path !== undefined && folder !== undefined) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    writeFileSync(path, made, { mode: 0o600 });
  }
  return made;
}
