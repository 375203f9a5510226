import { randomInt } from "node:crypto";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const length = 32;

/** 190 bits in characters that need no quoting in any shell, address or client. */
export function newPassword(): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}
