import { spawn } from "node:child_process";

/** `npm run check`: types, lint, format, import arrows, unit tests; with `--static` without the tests, where `npm test` runs
 * them. Two at a time; everything is reported, then judged. The longest first, so that nothing waits for it at the end. */
const tests = "architecture and unit tests";
const steps = [
  {
    name: tests,
    command:
      "vitest run --project unit --project architecture --reporter=dot --reporter=./test/closing-line.ts",
  },
  { name: "lint", command: "oxlint --type-aware --deny-warnings" },
  { name: "types", command: "node node_modules/typescript-7/bin/tsc -p ." },
  { name: "types of the page", command: "node node_modules/typescript-7/bin/tsc -p web" },
  { name: "format", command: "biome ci --colors=off" },
];

const waiting = steps.filter(({ name }) => name !== tests || !process.argv.includes("--static"));
const failed: string[] = [];
await Promise.all([work(), work()]);
if (failed.length > 0) {
  console.error(`\nfailed: ${failed.join(", ")}`);
  process.exitCode = 1;
}

async function work(): Promise<void> {
  for (let step = waiting.shift(); step; step = waiting.shift()) {
    const startedAt = performance.now();
    const { code, output } = await run(step.command);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${code === 0 ? "ok    " : "FAILED"} ${step.name} (${seconds} s)`);
    if (code !== 0) {
      console.log(output);
      failed.push(step.name);
    }
  }
}

function run(command: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, { shell: true, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
