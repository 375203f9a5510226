import { readFileSync } from "node:fs";
import { SettingsError, type StageSettings, settingsOf } from "./settings.ts";

/** The one configuration file stands beside `sst.config.ts`; DAYPASS_CONFIGURATION names another. */
export function readSettings(stage: string): StageSettings {
  const file = process.env["DAYPASS_CONFIGURATION"] || "daypass.config.json";
  return settingsOf(stage, textOf(file), file);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new SettingsError(file, ["it cannot be read; begin with a copy of daypass.config.example.json"]);
  }
}
