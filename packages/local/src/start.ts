import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { parseArguments, usage } from "./start/arguments.ts";
import { checkNodeVersion } from "./start/node-version.ts";

/** `npm start`: the whole of Daypass on this machine. */
checkNodeVersion();
try {
  const args = parseArguments(process.argv.slice(2));
  if (args.help) console.log(usage);
  else {
    // Loaded only now, so that an old Node.js is told so first, and from the cache of the last start.
    enableCompileCache(fileURLToPath(new URL("../../../node_modules/.cache/daypass", import.meta.url)));
    const { run } = await import("./start/run.ts");
    await run(args);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
