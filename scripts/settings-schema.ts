import { writeFile } from "node:fs/promises";
import { settingsSchemaDocument } from "../infra/settings.ts";

/** Writes what editors need to complete and check `daypass.config.json`. Run after any change of infra/settings.ts. */
await writeFile("infra/settings.schema.json", `${JSON.stringify(settingsSchemaDocument(), null, 2)}\n`);
