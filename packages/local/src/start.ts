import { parseArguments, usage } from "./start/arguments.ts";
import { checkNodeVersion } from "./start/node-version.ts";

/** `npm start`: the whole of Daypass on this machine. */
checkNodeVersion();
try {
  const args = parseArguments(process.argv.slice(2));
  if (args.help) console.log(usage);
  else {
    // Loaded only now: an old Node.js could not read these files, and should be told so in a sentence.
    const { run } = await import("./start/run.ts");
    await run(args);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
