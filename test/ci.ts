import { spawn } from "node:child_process";

/** What `.ci/run` runs once the packages are there. Two lanes stand side by side, because the tests of one wait (for
 * servers, clocks and ends of access) while those of the other compute. Every step runs, and then all is judged. */
type Step = { name: string; command: string };

const vitest =
  "npx vitest run --reporter=./test/slowest-tests.ts --reporter=dot --reporter=./test/closing-line.ts";

const computing: readonly Step[] = [
  { name: "types, lint, format", command: "npm run -s check -- --static" },
  { name: "npm test: units, arrows, contracts, operations, PostgreSQL 17", command: "npm test" },
  { name: "what would be deployed to AWS, with planted mistakes", command: "npm run -s test:infra" },
  { name: "what a first load of the page weighs", command: "npm run -s size -w web" },
  {
    name: "PostgreSQL 15 and 18",
    command: `npm run -s engines:install && ${vitest} --project postgres-15 --project postgres-18`,
  },
  {
    name: "MySQL, from Debian unstable",
    command: `npm run -s engines:install:mysql || { echo "!! Debian unstable did not give MySQL: accounts on MySQL were NOT tested in this run."; exit 0; }; ${vitest} --project mysql`,
  },
];

const waiting: readonly Step[] = [
  { name: "MariaDB", command: `${vitest} --project mariadb` },
  {
    name: "the guarantee: random histories, and faults x layers x engines",
    command: "npm run -s campaign -- --short",
  },
  { name: "the whole story in a browser, with psql, with kill -9", command: "npm run -s test:e2e" },
];

const startedAt = performance.now();
const results: { name: string; seconds: number; code: number }[] = [];
await Promise.all([inOrder(computing), inOrder(waiting)]);

const failed = results.filter(({ code }) => code !== 0);
console.log("\nseconds");
for (const { name, seconds, code } of results) {
  console.log(`${seconds.toFixed(0).padStart(7)}  ${name}${code === 0 ? "" : "  FAILED"}`);
}
console.log(`${secondsSince(startedAt).toFixed(0).padStart(7)}  in all`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function inOrder(steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    const beganAt = performance.now();
    const { code, output } = await run(step.command);
    const seconds = secondsSince(beganAt);
    results.push({ name: step.name, seconds, code });
    // In one piece, so that the two lanes can be read apart.
    console.log(`\n== ${step.name} (${seconds.toFixed(0)} s${code === 0 ? "" : ", FAILED"})\n${output}`);
  }
}

function secondsSince(mark: number): number {
  return (performance.now() - mark) / 1000;
}

function run(command: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn("bash", ["-c", command], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
