#!/usr/bin/env node
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// The program is TypeScript, which Node.js runs directly from 22.18 on. An older one hands over to the Node.js that
// came with `npm ci`, and passes on its exit code.
if (process.features.typescript) await import("../src/main.ts");
else handOver();

function handOver() {
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const child = spawn(installedNode(), [main, ...process.argv.slice(2)], { stdio: "inherit" });
  // The terminal sends these to both; the program decides, this one waits for it.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`daypass: could not start ${child.spawnfile}: ${error.message}\n`);
    process.exitCode = 2;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}

function installedNode() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("node/package.json")), "bin/node");
  } catch {
    process.stderr.write(
      `daypass: this needs Node.js 22.18 or newer (this is ${process.version}), or the one that \`npm ci\` installs.\n`,
    );
    process.exit(2);
  }
}
