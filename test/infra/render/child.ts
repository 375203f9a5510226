import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { startCommandLine } from "./command-line.ts";
import { evaluateApp, evaluateRun } from "./evaluate.ts";
import type { Job } from "./job.ts";
import { type Recording, record } from "./monitor.ts";
import type { Bundle, Outcome } from "./rendered.ts";

/** Renders stages, one after the other, each into a file: `child.ts <jobs as JSON>`. */
const root = resolve(import.meta.dirname, "../../..");
const place = { root, platform: join(root, ".sst/platform") };
const waiting = JSON.parse(process.argv[2] ?? "[]") as Job[];

type Rendering = {
  job: Job;
  app: Record<string, unknown>;
  bundles: Bundle[];
  recording?: Recording;
  outputs?: Record<string, unknown>;
  failures: unknown[];
};
let current: Rendering | undefined;
process.on("unhandledRejection", (reason) => current?.failures.push(reason));
process.env["SST_SERVER"] = await startCommandLine(root, () => ({
  folder: current?.job.bundles ?? "",
  isQuick: current?.job.isQuick ?? false,
  bundles: current?.bundles ?? [],
}));
// Resources go on being made after the program has ended: only an empty event loop says that all are there.
process.on("beforeExit", () => {
  if (!current) return;
  const rendering = current;
  current = undefined;
  void writeFile(rendering.job.output, JSON.stringify(outcomeOf(rendering))).then(begin);
});
await begin();

async function begin(): Promise<void> {
  const job = waiting.shift();
  if (!job) return;
  const rendering: Rendering = { job, app: {}, bundles: [], failures: [] };
  current = rendering;
  try {
    await mkdir(job.work, { recursive: true });
    rendering.app = await evaluateApp(place, job);
    const { recording, ended } = await record(place.platform, job.stage, () =>
      evaluateRun(place, job, rendering.app),
    );
    rendering.recording = recording;
    // Not waited for: a program that waits for ever leaves an empty event loop too.
    ended.then(
      (outputs) => (rendering.outputs = outputs),
      (error: unknown) => rendering.failures.push(error),
    );
  } catch (error) {
    rendering.failures.push(error);
  }
}

function outcomeOf({ job, app, bundles, recording, outputs, failures }: Rendering): Outcome {
  const told = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure)));
  if (told.length > 0) return { failed: [...new Set(told)].join("\n") };
  if (!recording || !outputs) return { failed: "The program waits for something that never comes." };
  const plain = JSON.parse(JSON.stringify(outputs, withoutOutputs)) as Record<string, unknown>;
  const resources = recording.resources();
  return { stage: job.stage, app, resources, bundles, secrets: [...recording.secrets], outputs: plain };
}

function withoutOutputs(_key: string, value: unknown): unknown {
  return typeof value === "object" && value !== null && "__pulumiOutput" in value ? undefined : value;
}
