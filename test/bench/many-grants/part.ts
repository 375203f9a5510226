import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";
import { join } from "node:path";
import { processorSeconds } from "./processor-time.ts";

/** A process of its own, as on AWS the table, the timers, each broker and the API are apart from each other. */
export type Part<Ready> = {
  ready: Ready;
  ask<Answer>(question: unknown): Promise<Answer>;
  /** The most memory that it ever held, in MB. */
  peakMb(): number;
  processorSeconds(): number;
  stop(): Promise<void>;
};

/** Starts `<name>.part.ts` with this environment and nothing else of AWS or Daypass; resolves when it says what it is. */
export async function startPart<Ready>(
  name: string,
  environment: Readonly<Record<string, string>>,
  niceness = getPriority(),
): Promise<Part<Ready>> {
  const kept = Object.entries(process.env).filter(([key]) => !/^(AWS|DAYPASS)_/.test(key));
  const child = fork(join(import.meta.dirname, `${name}.part.ts`), {
    env: { ...Object.fromEntries(kept), ...environment, POWERTOOLS_LOG_LEVEL: "SILENT" },
  });
  if (child.pid !== undefined) setPriority(child.pid, niceness);
  const waiting: { resolve: (answer: unknown) => void; reject: (error: Error) => void }[] = [];
  child.on("message", (message: { answer?: unknown; error?: string }) => {
    const next = waiting.shift();
    if (message.error === undefined) next?.resolve(message.answer);
    else next?.reject(new Error(`${name}: ${message.error}`));
  });
  child.once("exit", (code, signal) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`${name} ended (${code ?? signal})`));
  });
  const next = <Answer>() =>
    new Promise<Answer>((resolve, reject) => {
      waiting.push({ resolve: (answer) => resolve(answer as Answer), reject });
    });
  const ready = await next<Ready>();
  return {
    ready,
    ask<Answer>(question: unknown) {
      const answer = next<Answer>();
      child.send({ question });
      return answer;
    },
    peakMb: () => peakMbOf(child),
    processorSeconds: () => processorSeconds(child.pid ?? 0),
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      if (child.exitCode !== null) return;
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/** The other side: says what it is, then answers one question after the other. */
export async function bePart(ready: unknown, answer?: (question: never) => Promise<unknown>): Promise<void> {
  process.on("message", ({ question }: { question: unknown }) => {
    (answer?.(question as never) ?? Promise.resolve(undefined)).then(
      (given) => process.send?.({ answer: given }),
      (error: unknown) => process.send?.({ error: String(error) }),
    );
  });
  process.on("disconnect", () => process.exit());
  process.send?.({ answer: await ready });
}

function peakMbOf({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}
