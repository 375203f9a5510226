import type { ChildProcess } from "node:child_process";
import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../free-port.ts";
import { beginServer } from "../begin-server.ts";
import { lastPort } from "../last-port.ts";
import type { Place } from "../place.ts";
import { logFileSize, shared } from "./initialise.ts";
import { findMariadbd, pidFile, stopMariadbd } from "./mariadbd.ts";
import { temporaryFolder } from "./temporary-folder.ts";

type Launch = {
  folder: string;
  logFile: string;
  port: number;
  settings?: Readonly<Record<string, string>>;
  place: Place;
  program: string;
};

const startAttempts = 20;

/** Starts the server process and waits until it listens; returns its port. */
export async function launch(options: Launch): Promise<number> {
  const { place } = options;
  const wanted = (await lastPort(options.folder)) ?? options.port;
  let lines = "";
  for (let attempt = 0; attempt < startAttempts; attempt++) {
    const port = await freePort(wanted);
    // A stale one may belong to somebody else, and then the server cannot write it.
    if (!(await findMariadbd(place.dataFolder))) await rm(join(place.dataFolder, pidFile), { force: true });
    const begun = await beginServer({
      program: options.program,
      flags: flags(place, port, options.settings),
      place,
      logFile: options.logFile,
    });
    if (await becomesReady(place.dataFolder, begun.child)) return port;

    lines = await begun.lines();
    // One that was still starting when its process was killed holds the files until it is stopped; a port may be
    // taken in between.
    if (!/exclusive lock|Unable to lock|aria control file|Address already in use/.test(lines)) break;
    await stopMariadbd(place.dataFolder);
    await sleep(250);
  }
  throw new Error(`MariaDB did not start; its log is ${options.logFile}\n${lines.trim()}`);
}

async function becomesReady(dataFolder: string, child: ChildProcess): Promise<boolean> {
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const running = await findMariadbd(dataFolder);
    if (running?.pid === child.pid && (await greets(running.port))) return true;
    // Ours waits for the files of a forgotten one: that has to go first.
    if (running !== undefined && running.pid !== child.pid) await stopMariadbd(dataFolder);
    await sleep(15);
  }
  return false;
}

/** Whether it speaks first, as such a server does. It writes its process id a little earlier, and would miss it if it
 * were told to stop in between. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: 1_000 });
    const settle = (greeted: boolean) => {
      socket.destroy();
      resolve(greeted);
    };
    socket.once("data", () => settle(true));
    for (const event of ["error", "close", "timeout"]) socket.once(event, () => settle(false));
  });
}

function flags(place: Place, port: number, settings: Readonly<Record<string, string>> = {}): string[] {
  const all = { ...ours, ...settings };
  return [
    // The machine's own configuration is for the machine's own server.
    "--no-defaults",
    `--datadir=${place.dataFolder}`,
    `--tmpdir=${temporaryFolder(place)}`,
    `--port=${port}`,
    // Relative to the data folder, since a longer name than 107 bytes is no socket's.
    "--socket=mariadbd.sock",
    `--pid-file=${join(place.dataFolder, pidFile)}`,
    ...shared,
    ...Object.entries(all).map(([name, value]) => (value === "" ? `--${name}` : `--${name}=${value}`)),
    // The last flag of ours is never the last word of the command line, by which the process is known.
    "--skip-name-resolve",
  ];
}

const ours = {
  "bind-address": "127.0.0.1",
  "event-scheduler": "ON",
  "character-set-server": "utf8mb4",
  "collation-server": "utf8mb4_unicode_ci",
  "default-time-zone": "+00:00",
  "max-connections": "151",
  "local-infile": "OFF",
  "skip-log-bin": "",
  "skip-symbolic-links": "",
  "log-warnings": "1",
  "performance-schema": "OFF",
  "innodb-buffer-pool-size": "64M",
  "innodb-buffer-pool-dump-at-shutdown": "OFF",
  "innodb-buffer-pool-load-at-startup": "OFF",
  "innodb-log-file-size": logFileSize,
  "aria-pagecache-buffer-size": "8M",
  "key-buffer-size": "1M",
};
