import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** From a machine with npm alone to one that can render: what SST needs is large and is installed by itself, in infra/
 * and .sst/, when it is first asked for. */
export async function prepareRendering(): Promise<void> {
  await step("what SST needs", async () => {
    if (!isInstalled()) await run("npm ci --prefix infra --no-audit --no-fund");
  });
  await step("sst install", () =>
    // Without a bun of ours, SST downloads one; elsewhere than on Linux it has to.
    run("infra/node_modules/.bin/sst install", existsSync(bun) ? { SST_BUN_PATH: bun } : {}),
  );
  await step("the page", async () => {
    if (!existsSync(join(root, "web/dist/index.html"))) await run("npm run -s build:web");
  });
}

const root = resolve(import.meta.dirname, "../..");
const bun = join(root, "infra/node_modules/@oven/bun-linux-x64/bin/bun");
const environment = {
  ...process.env,
  SST_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
  SST_SKIP_DEPENDENCY_CHECK: "1",
  AWS_EC2_METADATA_DISABLED: "true",
  SST_STAGE: "production",
  XDG_CONFIG_HOME: join(root, ".sst/config"),
  DAYPASS_CONFIGURATION: "daypass.config.example.json",
};

export async function step(name: string, work: () => Promise<void>): Promise<void> {
  const startedAt = performance.now();
  await work();
  console.log(`ok     ${name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
}

/** What is installed is what the lock file says. */
function isInstalled(): boolean {
  const read = (path: string) => {
    const lock = JSON.parse(readFileSync(join(root, "infra", path), "utf8")) as {
      packages: Record<string, { version: string }>;
    };
    return lock.packages["node_modules/sst"]?.version;
  };
  return (
    existsSync(join(root, "infra/node_modules/.package-lock.json")) &&
    read("node_modules/.package-lock.json") === read("package-lock.json")
  );
}

export function run(command: string, more: Record<string, string> = {}, isShown = false): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn(command, {
      shell: true,
      cwd: root,
      env: { ...environment, ...more },
      stdio: ["ignore", isShown ? "inherit" : "pipe", isShown ? "inherit" : "pipe"],
    });
    let said = "";
    child.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.on("close", (code) => {
      if (code === 0) return done();
      console.error(said);
      return failed(new Error(`${command} failed (${code})`));
    });
  });
}
