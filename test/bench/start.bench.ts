import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { resetMariadb } from "@daypass/local/target/mariadb/target.ts";
import { removePlace } from "@daypass/local/target/place.ts";
import { startServer, stopServer } from "@daypass/local/target/postgres/server.ts";
import { defineBenchmark } from "./benchmark.ts";
import { copyCheckout } from "./copy-checkout.ts";
import { p50, seconds, times } from "./figures.ts";
import { printTable } from "./table.ts";

const patienceMs = 180_000;

export const benchmark = defineBenchmark({
  sentence:
    "`npm start` to a usable page, with nothing built and again later, against PostgreSQL and the build alone",
  counts: { cold: 1, warm: 3 },
  async run({ cold, warm }) {
    const floors: Samples = { cold: [], warm: [] };
    const starts: Samples = { cold: [], warm: [] };
    for (let round = 0; round < cold; round += 1) {
      const folder = await mkdtemp(join(tmpdir(), "daypass-start-"));
      try {
        await copyCheckout(folder);
        await measureFloor(folder, floors, warm);
        await measureStarts(folder, starts, warm);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }
    const row = (what: string, kind: keyof Samples) => [
      what,
      seconds(p50(floors[kind])),
      seconds(p50(starts[kind])),
      times(p50(starts[kind]), p50(floors[kind])),
    ];
    printTable(
      ["", "floor", "npm start", "ratio"],
      [row("cold: no state, no build, no cache", "cold"), row("warm", "warm")],
    );
    console.log(
      "  floor, cold: initdb and its first start beside the build of the page; warm: PostgreSQL's start alone\n",
    );
  },
});

type Samples = { cold: number[]; warm: number[] };

async function measureFloor(checkout: string, samples: Samples, rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "daypass-start-"));
  const options = { folder, logFile: join(folder, "log"), port: await freePort() };
  try {
    samples.cold.push(await timed(() => both(startServer(options), buildPage(join(checkout, "web")))));
    for (let round = 0; round < rounds; round += 1) {
      await stopServer(folder);
      samples.warm.push(await timed(() => startServer(options)));
    }
  } finally {
    await stopServer(folder);
    await removePlace(folder);
    await rm(join(checkout, "web/dist"), { recursive: true, force: true });
  }
}

/** Waits for both also when one fails, so that nothing goes on behind the clearing up. */
async function both(...work: Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(work);
  await Promise.all(work);
}

async function buildPage(web: string): Promise<void> {
  const vite = createRequire(join(web, "package.json")).resolve("vite/package.json");
  const child = spawn(process.execPath, [join(dirname(vite), "bin/vite.js"), "build", "--logLevel", "warn"], {
    cwd: web,
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`the page could not be built (${code})`);
}

async function measureStarts(checkout: string, samples: Samples, rounds: number): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "daypass-start-"));
  const port = await freePort();
  try {
    samples.cold.push(await startOnce(checkout, home, port));
    for (let round = 0; round < rounds; round += 1) samples.warm.push(await startOnce(checkout, home, port));
  } finally {
    await stopServer(join(home, "postgres"));
    await removePlace(join(home, "postgres"));
    await resetMariadb(join(home, "mariadb"));
    await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
  }
}

/** Until the page, its script and the API's health have been answered; then it is stopped. */
async function startOnce(checkout: string, home: string, port: number): Promise<number> {
  let child: ChildProcess | undefined;
  try {
    return await timed(async () => {
      child = spawn(
        process.execPath,
        [join(checkout, "packages/local/src/start.ts"), "--port", String(port)],
        {
          cwd: checkout,
          env: { ...process.env, DAYPASS_HOME: home },
          stdio: ["ignore", "pipe", "pipe"],
        },
      );
      await saysReady(child);
      await usePage(`http://127.0.0.1:${port}`);
    });
  } finally {
    if (child && child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
  }
}

function saysReady(child: ChildProcess): Promise<void> {
  let output = "";
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not ready in time:\n${output}`)), patienceMs);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (!output.includes("Daypass is ready")) return;
      clearTimeout(late);
      resolve();
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) => {
      clearTimeout(late);
      reject(new Error(`it ended with ${code}:\n${output}`));
    });
  });
}

async function usePage(origin: string): Promise<void> {
  const page = await textOf(`${origin}/`);
  const script = /<script type="module"[^>]* src="([^"]+)"/.exec(page)?.[1];
  if (!script) throw new Error("the page has no script");
  await Promise.all([textOf(new URL(script, origin).href), textOf(`${origin}/api/health`)]);
}

async function textOf(address: string): Promise<string> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.text();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
