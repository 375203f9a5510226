import { createHash } from "node:crypto";

/** What MariaDB stores of a password for `mysql_native_password`; with it no statement holds the password itself. */
export function passwordHash(password: string): string {
  const inner = createHash("sha1").update(password).digest();
  return `*${createHash("sha1").update(inner).digest("hex").toUpperCase()}`;
}
