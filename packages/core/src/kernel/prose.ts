import { z } from "zod";

/** What people write for others to read: lines of printable text that show as they are stored. */
export function prose(limits: { min: number; max: number; tooShort: string }) {
  return z
    .string()
    .trim()
    .min(limits.min, limits.tooShort)
    .max(limits.max)
    .regex(/^(?:[^\p{Cc}\p{Cs}]|[\n\t])*$/u, "contains control characters")
    .regex(/^[^\u202a-\u202e\u2066-\u2069]*$/u, "contains characters that change the order of the text")
    .regex(/(?![\u115f\u1160\u3164\uffa0])[\p{L}\p{N}\p{P}\p{S}]/u, limits.tooShort);
}
