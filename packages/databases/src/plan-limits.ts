import { EngineError } from "./engine.ts";

/** Between 1970 and the year 9999, in whole milliseconds: what every driver and server reads alike. */
export function requireInstant(epochMs: number): void {
  if (!Number.isSafeInteger(epochMs) || epochMs <= 0 || epochMs >= 253_402_300_800_000) {
    throw new EngineError("invalid", "the end must be an instant in whole milliseconds");
  }
}

export function requireRange(field: string, value: number | undefined, least: number, most: number): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= least && value <= most)) {
    throw new EngineError("invalid", `${field} must be a whole number from ${least} to ${most}`);
  }
}
