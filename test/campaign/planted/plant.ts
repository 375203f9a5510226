import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { engineNames } from "../guarantee.ts";
import { plantedFaults } from "./faults.ts";

/** Preloaded by `node --import`: makes the one mistake that DAYPASS_PLANTED names, as it is made on the engine that
 * DAYPASS_PLANTED_ENGINE names, in modules as they are loaded. The files stay as they are. */
const fault = plantedFaults.find(({ name }) => name === process.env["DAYPASS_PLANTED"]);
const engine = engineNames.find((name) => name === process.env["DAYPASS_PLANTED_ENGINE"]);
if (!fault) throw new Error(`DAYPASS_PLANTED is none of ${plantedFaults.map((one) => one.name).join(", ")}`);
if (!engine) throw new Error(`DAYPASS_PLANTED_ENGINE is none of ${engineNames.join(", ")}`);

registerHooks({
  load(url, context, next) {
    const patches = url.startsWith("file:")
      ? (fault.patches[engine] ?? []).filter(({ file }) => isFile(url, file))
      : [];
    if (patches.length === 0) return next(url, context);
    let source = readFileSync(fileURLToPath(url), "utf8");
    for (const { file, replace, by } of patches) {
      if (source.split(replace).length !== 2)
        throw new Error(`${file} has changed: plant the fault "${fault.name}" anew`);
      source = source.replace(replace, () => by);
    }
    return { format: "module-typescript", source, shortCircuit: true };
  },
});

function isFile(url: string, file: string): boolean {
  return fileURLToPath(url) === resolve(import.meta.dirname, "../../..", file);
}
