import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { checkout } from "./state-folder.ts";

const web = join(checkout, "web");
export const pageFolder = join(web, "dist");
const builtFrom = join(pageFolder, ".built-from");

/** Builds the page unless the last build was made from the very same sources. Returns whether it built. */
export async function buildPage(signal: AbortSignal): Promise<boolean> {
  const sources = await hashOfSources();
  const last = await readFile(builtFrom, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  if (last === sources) return false;
  await runVite(signal);
  // Hashed once more: building writes the table of routes.
  await writeFile(builtFrom, await hashOfSources());
  return true;
}

async function hashOfSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const folder of ["src", "public", "scripts"]) {
    const entries = await readdir(join(web, folder), { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.toSorted()) hash.update(`${relative(web, file)}\0`).update(await readFile(file));
  }
  for (const file of ["index.html", "package.json", "vite.config.ts"])
    hash.update(await readFile(join(web, file)));
  return hash.digest("hex");
}

function runVite(signal: AbortSignal): Promise<void> {
  const vite = createRequire(join(web, "package.json")).resolve("vite/package.json");
  const child = spawn(process.execPath, [join(dirname(vite), "bin/vite.js"), "build", "--logLevel", "warn"], {
    cwd: web,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], NODE_ENV: "production", NO_COLOR: "1" },
    signal,
  });
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else
        reject(new Error(`The page could not be built:\n${Buffer.concat(output).toString("utf8").trim()}`));
    });
  });
}
