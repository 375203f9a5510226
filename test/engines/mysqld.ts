import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Place } from "@daypass/local/target/place.ts";
import { serverEnvironment } from "@daypass/local/target/server-environment.ts";
import { mysqlCommand } from "./mysql-programs.ts";

type Options = {
  place: Place;
  logFile: string;
  /** Options of the server without their dashes; read anew at each start. */
  settings: Readonly<Record<string, string>>;
  /** Resolves once it lets somebody in. */
  answers: () => Promise<void>;
};

const patienceMs = 60_000;

/** A MySQL server process, which goes when this one does.
 * @throws Error with the command that installs MySQL. */
export class Mysqld {
  readonly #command = mysqlCommand();
  readonly #options: Options;
  #child: ChildProcess | undefined;
  readonly #goWithUs = () => void this.#child?.kill("SIGKILL");

  constructor(options: Options) {
    this.#options = options;
    process.once("exit", this.#goWithUs);
  }

  /** Runs it with `--initialize-insecure` to its end. */
  async makeDataFolder(initFile: string): Promise<void> {
    const child = this.#begin("--initialize-insecure", `--init-file=${initFile}`);
    const code = await new Promise((resolve) => child.once("close", resolve));
    if (code !== 0) throw new Error(`MySQL could not make its data folder\n${this.#said()}`);
  }

  async start(): Promise<void> {
    const child = this.#begin();
    this.#child = child;
    for (const end = performance.now() + patienceMs; performance.now() < end; await sleep(50)) {
      if (child.exitCode !== null || child.signalCode !== null) break;
      if (await this.#options.answers().then(yes, no)) return;
    }
    throw new Error(`MySQL did not start\n${this.#said()}`);
  }

  /** In order; one that has not gone after 20 s is cut off. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 20_000);
    await gone;
    clearTimeout(late);
  }

  async close(): Promise<void> {
    await this.stop();
    process.off("exit", this.#goWithUs);
  }

  #begin(...more: string[]): ChildProcess {
    const { place, logFile, settings } = this.#options;
    const log = openSync(logFile, "a", 0o600);
    const flags = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
    return spawn(this.#command.program, [...this.#command.flags, ...flags, ...more], {
      ...place.runAs,
      cwd: place.dataFolder,
      env: serverEnvironment(),
      stdio: ["ignore", log, log],
    });
  }

  #said(): string {
    return readFileSync(this.#options.logFile, "utf8");
  }
}

const yes = () => true;
const no = () => false;
