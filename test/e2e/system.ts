import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stopMariadb } from "../../packages/local/src/target/mariadb/server.ts";
import { startServer, stopServer } from "../../packages/local/src/target/postgres/server.ts";

const checkout = resolve(import.meta.dirname, "../..");

/** What `npm start` starts, in a folder of its own, as a child that can be killed like any program. */
export class System {
  readonly home: string;
  readonly port: number;
  #child: ChildProcess | undefined;
  #output = "";
  #closedPort: Server | undefined;

  private constructor(home: string, port: number) {
    this.home = home;
    this.port = port;
  }

  static async create(): Promise<System> {
    const system = new System(await mkdtemp(join(tmpdir(), "daypass-e2e-")), await freePort());
    try {
      await system.start();
    } catch (error) {
      await system.close();
      throw error;
    }
    return system;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** All that it printed, over all its starts. */
  get output(): string {
    return this.#output;
  }

  /** Until it says that it is ready. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, ["packages/local/src/start.ts", "--port", String(this.port)], {
      cwd: checkout,
      env: { ...process.env, DAYPASS_HOME: this.home },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    const from = this.#output.length;
    const ready = new Promise<void>((resolveReady, reject) => {
      const read = (chunk: Buffer) => {
        this.#output += chunk.toString();
        if (this.#output.slice(from).includes("Daypass is ready")) resolveReady();
      };
      child.stdout?.on("data", read);
      child.stderr?.on("data", read);
      child.once("exit", (code) =>
        reject(new Error(`the system ended with ${code}:\n${this.#output.slice(from)}`)),
      );
    });
    await ready;
  }

  /** As a power cut for the process: nothing gets a chance to clean up. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** The sample server alone, as its owner would stop and start it; the system keeps running. Until it is back its
   * port answers nobody, so that no other server of this machine takes it meanwhile. */
  async stopPostgres(): Promise<void> {
    const folder = join(this.home, "postgres");
    const port = Number(await readFile(join(folder, "port"), "utf8"));
    await stopServer(folder);
    const closed = createServer((socket) => socket.destroy()).listen(port, "127.0.0.1");
    this.#closedPort = closed;
    await once(closed, "listening");
  }

  async startPostgres(): Promise<void> {
    await this.#freeClosedPort();
    const folder = join(this.home, "postgres");
    await startServer({ folder, logFile: join(this.home, "log", "postgres.log"), port: 5433 });
  }

  async #freeClosedPort(): Promise<void> {
    const closed = this.#closedPort;
    this.#closedPort = undefined;
    if (!closed) return;
    closed.close();
    await once(closed, "close");
  }

  async close(): Promise<void> {
    await this.#end("SIGTERM");
    await this.#freeClosedPort();
    await Promise.all([stopServer(join(this.home, "postgres")), stopMariadb(join(this.home, "mariadb"))]);
    // An installation of MariaDB that was cut off may still be writing its last file.
    await rm(this.home, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, "exit");
  }
}

/** Asks again and again until the answer is there; fails with the last answer when it does not come in time. */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined | false>,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await sleep(250);
  }
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
