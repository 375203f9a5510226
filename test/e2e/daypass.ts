import { spawn } from "node:child_process";
import { delimiter, resolve } from "node:path";

const checkout = resolve(import.meta.dirname, "../..");
export type Run = { code: number | null; stdout: string; stderr: string };

/** The command line as somebody runs it: with the machine's own Node.js, which may be too old for the program itself. */
export function daypass(args: readonly string[], env: Record<string, string>): Promise<Run> {
  const path = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"))
    .join(delimiter);
  const child = spawn("node", [resolve(checkout, "packages/cli/bin/daypass.js"), ...args], {
    cwd: "/",
    env: { PATH: path, HOME: "/nonexistent", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const run: Run = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (run.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (run.stderr += chunk.toString()));
  return new Promise((resolveRun, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolveRun({ ...run, code }));
  });
}
