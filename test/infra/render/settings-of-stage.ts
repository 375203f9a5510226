import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type StageSettings, settingsOf } from "../../../infra/settings.ts";

export const exampleFile = "daypass.config.example.json";

/** What the rendered stages are made from. */
export function exampleSettings(stage: string): StageSettings {
  const root = resolve(import.meta.dirname, "../../..");
  return settingsOf(stage, readFileSync(join(root, exampleFile), "utf8"), exampleFile);
}
