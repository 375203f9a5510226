import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { beforeAll, describe, expect, it } from "vitest";

/** A server that runs, as its test file keeps it; all of them listen on 127.0.0.1. */
export type Sample = {
  /** Where it listens, and whether it was found running. */
  now: () => { port: number; adopted: boolean };
  start: () => Promise<void>;
  stop: () => Promise<void>;
  /** A module that starts it just so, and stays. */
  script: () => string;
  /** The process of the server; undefined when none of ours runs. */
  find: () => Promise<{ pid: number } | undefined>;
  /** Its pid file, and what would stand there of this process. */
  pidFile: (pid: number | undefined) => Promise<{ path: string; text: string }>;
  write: () => Promise<void>;
  /** What was written is there. */
  expectKept: () => Promise<void>;
};

/** What `npm start` relies on, whatever became of the server and of the process that started it. */
export function startingAgainSuite(sample: Sample): void {
  describe("starting again", () => {
    beforeAll(() => sample.write());

    it("finds what was written before, on the same port", async () => {
      const { port } = sample.now();
      await sample.stop();
      await sample.start();
      expect(sample.now()).toMatchObject({ port, adopted: false });
      await sample.expectKept();
    });

    it("adopts the server that a killed process left behind", async () => {
      await sample.stop();
      const script = `${sample.script()}\nprocess.stdout.write("up"); setInterval(() => {}, 1000);`;
      const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(child.stdout, "data");
      child.kill("SIGKILL");
      await once(child, "exit");
      await sample.start();
      expect(sample.now().adopted).toBe(true);
      await sample.expectKept();
    });

    it("starts anew when the server was killed as well", async () => {
      const running = await sample.find();
      if (!running) throw new Error("the server does not run");
      process.kill(running.pid, "SIGKILL");
      await sample.start();
      expect(sample.now().adopted).toBe(false);
      await sample.expectKept();
    });

    it("leaves a stranger alone whose process id is in a stale pid file", async () => {
      await sample.stop();
      const stranger = spawn("sleep", ["60"]);
      const { path, text } = await sample.pidFile(stranger.pid);
      await writeFile(path, text);
      expect(await sample.find()).toBeUndefined();
      await sample.start();
      expect(stranger.exitCode).toBeNull();
      stranger.kill();
    });

    it("takes the next free port when the last one is in use by now", async () => {
      const { port } = sample.now();
      await sample.stop();
      const squatter = createServer().listen(port, "127.0.0.1");
      await once(squatter, "listening");
      await sample.start();
      expect(sample.now().port).toBeGreaterThan(port);
      squatter.close();
    });
  });
}
